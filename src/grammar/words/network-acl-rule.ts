import type { NetworkAcl, NetworkAclRule, NetworkAclRuleBuilder } from '../../catalogue/index.ts'
import type { Bind, Json, JsonObject, Plan } from '../../plan/index.ts'
import { planData, ValidationError } from '../../plan/index.ts'
import { requireText } from './arguments.ts'
import { halfSaid } from './half-said.ts'

const PLACE = 'auth0.networkAcls.rule()'

interface RuleState {
  readonly action?: JsonObject
  readonly match?: JsonObject
  readonly not_match?: JsonObject
  readonly scope?: string
  readonly root: JsonObject
}

/** `auth0.networkAcls.rule()`: each word gives a new builder, the last one a plan. */
export function networkAclRule(bind: Bind, state: RuleState = { root: {} }): NetworkAclRuleBuilder {
  const next = (change: Partial<RuleState>) => networkAclRule(bind, { ...state, ...change })
  const root = (change: JsonObject) => next({ root: { ...state.root, ...change } })
  const matching = (signals: JsonObject) => next({ match: addSignals(state.match, signals) })
  const act = (action: JsonObject) => next({ action: state.action?.log === true ? { ...action, log: true } : action })

  const words: NetworkAclRuleBuilder = {
    block: () => act({ block: true }),
    allow: () => act({ allow: true }),
    redirect: (uri) =>
      act({
        redirect: true,
        redirect_uri: requireText(`${PLACE}.redirect`, 'uri', uri, 'https://example.com/blocked'),
      }),
    log: () => next({ action: { ...state.action, log: true } }),
    matching: (signals) => matching(signals as JsonObject),
    notMatching: (signals) => next({ not_match: addSignals(state.not_match, signals as JsonObject) }),
    countries: (...codes) => matching({ geo_country_codes: codes }),
    subdivisions: (...codes) => matching({ geo_subdivision_codes: codes }),
    ipv4: (...ranges) => matching({ ipv4_cidrs: ranges }),
    ipv6: (...ranges) => matching({ ipv6_cidrs: ranges }),
    asns: (...numbers) => matching({ asns: numbers }),
    userAgents: (...agents) => matching({ user_agents: agents }),
    hostnames: (...names) => matching({ hostnames: names }),
    ja3: (...fingerprints) => matching({ ja3_fingerprints: fingerprints }),
    ja4: (...fingerprints) => matching({ ja4_fingerprints: fingerprints }),
    scope: (scope) => next({ scope }),
    priority: (priority) => root({ priority }),
    active: (active) => root({ active }),
    describe: (text) => root({ description: text }),
    toRule: () => rule(state),
    create: () =>
      finish(bind, 'networkAcls.create', { ...complete(state, 'create'), rule: rule(state) as unknown as Json }),
    update: (id) => finish(bind, 'networkAcls.update', { ...state.root, ...ruleIfNamed(state) }, id),
    set: (id) =>
      finish(bind, 'networkAcls.set', { ...complete(state, 'set'), rule: rule(state) as unknown as Json }, id),
  }
  return halfSaid(words, PLACE, missing(state), `The rule so far: ${JSON.stringify(said(state))}`)
}

function said({ root, ...parts }: RuleState): JsonObject {
  return { ...root, ...(parts as JsonObject) }
}

/** What a rule still needs before it can end, then what may be added, then what ends it. */
function missing({ action, scope, root }: RuleState): readonly string[] {
  return [
    ...(action === undefined ? ['block(), .allow(), .redirect(uri) or .log()'] : []),
    ...(scope === undefined ? ["scope('management')"] : []),
    ...(root.description === undefined ? ["describe('…')"] : []),
    'matching({ … }), .notMatching({ … }), .countries(…), .ipv4(…), .priority(1), .active(false)',
    'create(), .update(id) or .set(id)',
  ]
}

function finish(bind: Bind, op: string, body: JsonObject, id?: string): Plan<NetworkAcl> {
  if (id === undefined && op !== 'networkAcls.create') {
    requireText(`${PLACE}.${op.slice('networkAcls.'.length)}`, 'id', id, 'acl_vENikGo5fcJd7FYMLvjKKP')
  }
  return bind<NetworkAcl>(planData({ op, ...(id === undefined ? {} : { params: { id } }), body }))
}

/** Creating and replacing need all of it; `active` is on unless it was said otherwise. */
function complete(state: RuleState, word: string): JsonObject {
  if (state.root.description === undefined) {
    throw new ValidationError(
      `${PLACE}.${word} needs a description. Say what the rule is for with .describe('…'), at most 255 characters.`,
      { issues: [{ path: 'description', rule: 'is required' }] },
    )
  }
  return { active: true, ...state.root }
}

function rule(state: RuleState): NetworkAclRule {
  const { action, match, not_match, scope } = state
  if (action === undefined) {
    throw new ValidationError(`${PLACE} has no action. Choose one with .block(), .allow(), .redirect(uri) or .log().`, {
      issues: [{ path: 'rule.action', rule: 'is required' }],
    })
  }
  if (scope === undefined) {
    throw new ValidationError(
      `${PLACE} has no scope. Choose what it guards with .scope('management'), 'authentication', 'tenant' or 'dynamic_client_registration'.`,
      { issues: [{ path: 'rule.scope', rule: 'is required' }] },
    )
  }
  return {
    action,
    ...(match === undefined ? {} : { match }),
    ...(not_match === undefined ? {} : { not_match }),
    scope,
  } as unknown as NetworkAclRule
}

/** An update sends the rule only where one was begun: Auth0 replaces it whole. */
function ruleIfNamed(state: RuleState): JsonObject {
  const begun = state.action ?? state.match ?? state.not_match ?? state.scope
  return begun === undefined ? {} : { rule: rule(state) as unknown as Json }
}

function addSignals(before: JsonObject | undefined, signals: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...before }
  for (const [signal, values] of Object.entries(signals)) {
    const present = merged[signal]
    merged[signal] = Array.isArray(values) && Array.isArray(present) ? [...new Set([...present, ...values])] : values
  }
  return merged
}
