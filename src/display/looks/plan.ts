import type { Explanation, FlowExplanation, Json, PlanData } from '../../plan/index.ts'
import { isJsonObject, isSecretSlot, SECRET_MARK } from '../../plan/index.ts'
import type { Card, Field } from '../card.ts'
import { fields, notes } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { withoutSecrets } from '../secrets.ts'
import { asCode, inLine } from '../summary.ts'

/** What a plan card may say beside the explanation. */
export interface PlanLookOptions {
  /** False for a plan that no session has bound. */
  readonly bound?: boolean
  readonly plan?: PlanData
  readonly hash?: string
}

/**
 * The card of a plan: what would be sent, to where, with which scopes.
 *
 * @param explanation What `plan.explain()` tells.
 */
export function showPlan(explanation: Explanation, options: PlanLookOptions = {}): Look {
  const closing =
    options.bound === false
      ? 'Nothing has been sent; auth0.run(plan) binds and sends it.'
      : 'Nothing has been sent; .run() sends it.'
  return lookOf(
    () => planCard(explanation, `${explanation.route} · ${explanation.effect} · not sent`, [closing], options),
    () => ({
      ...(options.plan === undefined ? {} : { plan: withoutSecrets(options.plan) }),
      ...(options.hash === undefined ? {} : { hash: options.hash }),
      explanation: withoutSecrets(explanation),
    }),
  )
}

/** The look of what `explain()` answers: the same card without the closing line. */
export function showExplanation(explanation: Explanation): Look {
  return lookOf(
    () => planCard(explanation, `${explanation.route} · ${explanation.effect}`, [], {}),
    () => withoutSecrets(explanation),
  )
}

function planCard(given: Explanation, title: string, closing: readonly string[], options: PlanLookOptions): Card {
  const explanation = withoutSecrets(given)
  const { customDomain, scopes, refusals = [] } = explanation
  const headers = Object.entries(explanation.headers).map(([name, value]) => `${name}: ${headerText(name, value)}`)
  const body = explanation.body
  return {
    title,
    tone: refusals.length > 0 ? 'bad' : explanation.effect === 'write' ? 'warn' : 'plain',
    blocks: [
      fields(
        ['url', explanation.url],
        ['scopes', scopes.length === 0 ? undefined : scopes.join(explanation.allScopes ? ' and ' : ' or ')],
        ['headers', headers.length === 0 ? undefined : headers.join('\n'), { code: true }],
        ['body', body === undefined ? undefined : asCode(withoutSlots(body)), { code: true }],
        ['custom domain', `${domainVerdict(customDomain)} – ${customDomain.reason}`],
        ['paging', explanation.paging],
        ['retry', explanation.retry],
        ['rate limit', explanation.rateKey],
        ['hash', options.hash],
        ['documentation', explanation.documentation],
      ),
      ...notes(
        'bad',
        refusals.map((refusal) => `run() refuses this: ${refusal}.`),
      ),
      ...notes('warn', explanation.warnings),
      ...notes('plain', closing),
    ],
  }
}

/** A slot names a secret that travels beside the plan; to a reader it is a secret like any other. */
function withoutSlots(value: Json): Json {
  if (isSecretSlot(value)) return SECRET_MARK
  if (Array.isArray(value)) return value.map((item: Json) => withoutSlots(item))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSlots(item)]))
}

/** The telemetry header is base64 of JSON: what it says is shorter than what it is. */
function headerText(name: string, value: string): string {
  if (name.toLowerCase() !== 'auth0-client') return value
  try {
    const told: unknown = JSON.parse(Buffer.from(value, 'base64').toString())
    const { name: client, version } = told as { name?: unknown; version?: unknown }
    return `${String(client)}/${String(version)} (telemetry)`
  } catch {
    return value
  }
}

function domainVerdict({ verdict, domain }: Explanation['customDomain']): string {
  return domain === undefined ? verdict : `${verdict}: ${domain}`
}

/** The card of a flow: its steps in order, with the plans that are known beforehand. */
export function showFlow(explanation: FlowExplanation): Look {
  return lookOf(
    () => {
      const steps: Field[] = explanation.steps.map((step, index) => ({
        name: `${index + 1}`,
        value: step.plan === undefined ? step.purpose : `${step.purpose} (${planLine(withoutSecrets(step.plan))})`,
      }))
      return {
        title: `${explanation.name} · flow of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} · not sent`,
        blocks: [{ kind: 'fields', fields: steps }, ...notes('plain', ['Nothing has been sent; .run() sends it.'])],
      }
    },
    () => withoutSecrets(explanation),
  )
}

/** A plan in one line. */
export function planLine(plan: PlanData): string {
  const query = plan.query === undefined ? '' : ` ${inLine(plan.query)}`
  const params = Object.values(plan.params ?? {}).join(', ')
  return `${plan.route ?? plan.op}${params === '' ? '' : ` ${params}`}${query}`
}
