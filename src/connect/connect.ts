import { type ConnectOptions, connect as connectSession, type FlowRuns, type Session } from '../session/index.ts'

// Loaded when the first flow is checked, or run with a journal: most sessions never run one step by step.
const runs: FlowRuns = {
  run(flow, session, options) {
    const run = import('../runbook/index.ts').then(({ runFlow }) => runFlow(flow, session, options))
    return { value: run.then(({ value }) => value), undo: async () => (await run).undo() }
  },
  check: async (flow, session) => (await import('../runbook/index.ts')).checkFlow(flow, session),
}

/**
 * Connects to a tenant. Nothing is sent before a plan is run.
 *
 * @param given The domain alone, or domain and credentials; `AUTH0_DOMAIN`, `AUTH0_CLIENT_ID` and `AUTH0_CLIENT_SECRET`, or a stored profile,
 *   where the domain is left out. `timeout` is in milliseconds.
 * @returns The session, from which every plan is spoken.
 * @throws ConfigurationError when something is missing, unknown, or does not fit together.
 * @see https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens
 * @example
 * const auth0 = connect(tenant.options)
 * console.log(await auth0.users.list().first().run())
 */
export function connect(domain: string): Session
// Overloads, since a union costs every cell that calls it instantiations.
export function connect(options?: ConnectOptions): Session
export function connect(given: string | ConnectOptions = {}): Session {
  return connectSession(given, runs)
}
