import { meantSentence, nearest } from '../catalogue/index.ts'
import { ConfigurationError } from '../plan/index.ts'
import type { Runbook, RunbookDefinition } from '../run/index.ts'

const MEMBERS = ['name', 'description', 'params', 'tenants', 'maxRequests', 'maxSteps', 'steps', 'kind']
const BRAND = Symbol.for('tenantlab.runbook')

/**
 * Defines a runbook: ordinary code, whose steps are plans that are planned, reviewed, applied, journalled and undone.
 * Nothing is sent before `tenantlab run`, or `runRunbook()`.
 *
 * @throws ConfigurationError when the name or the steps are missing, or for a member that a runbook does not take.
 * @example
 * const runbook = defineRunbook({
 *   name: 'support-role',
 *   async *steps({ auth0, step, say }) {
 *     const role = yield* step('create', auth0.roles.create({ name: 'support' }))
 *     say(`The role ${role.name} is there.`)
 *   },
 * })
 * await runRunbook(runbook, auth0)
 */
export function defineRunbook<P = Record<string, never>>(definition: RunbookDefinition<P>): Runbook<P> {
  const { name, steps, params } = definition ?? {}
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name)) {
    throw new ConfigurationError(
      'defineRunbook(): "name" must be letters, digits, "-", "_" and ".", since journals are named after it. Correct it.',
    )
  }
  if (typeof steps !== 'function') {
    throw new ConfigurationError(
      `defineRunbook(): "${name}" has no steps. Write async *steps({ auth0, params, step }) { … }.`,
    )
  }
  if (params !== undefined && typeof params.parse !== 'function') {
    throw new ConfigurationError(`defineRunbook(): "params" of "${name}" is no schema. Write params: z.object({ … }).`)
  }
  for (const key of Object.keys(definition)) {
    if (MEMBERS.includes(key)) continue
    // One such as "tenant" would keep the runbook from no tenant.
    const hint = meantSentence(nearest(key, MEMBERS), `It takes ${MEMBERS.slice(0, -1).join(', ')}.`)
    throw new ConfigurationError(`defineRunbook(): "${name}" has "${key}", which a runbook does not take. ${hint}`)
  }
  const runbook: Runbook<P> = { ...definition, kind: 'runbook' }
  Object.defineProperty(runbook, BRAND, { value: true })
  return Object.freeze(runbook)
}

/** True for what `defineRunbook()` answers, also of another copy of this package. */
export function isRunbook(value: unknown): value is Runbook<unknown> {
  return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true
}
