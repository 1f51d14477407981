import type { FlowRuns } from '../internals.ts'
import type { Session } from '../session.ts'
import { createSession } from './create-session.ts'
import type { ConnectOptions } from './options.ts'
import { resolveSettings } from './settings.ts'
import { sharedParts } from './shared-parts.ts'
import { withUserLogin } from './user-login.ts'

/**
 * Connects to a tenant; the entry's own `connect()` says all of it. Nothing is sent before a plan is run.
 *
 * @param runs What runs flows step by step; absent for sessions whose flows are not checked.
 * @throws ConfigurationError when something is missing, unknown, or does not fit together.
 */
export function connect(given: string | ConnectOptions = {}, runs?: FlowRuns): Session {
  const options = typeof given === 'string' ? { domain: given } : given
  const settings = resolveSettings(options)
  const shared = sharedParts(options, settings, runs)
  return createSession(
    withUserLogin(settings, (plain) => createSession(plain, shared)),
    shared,
  )
}
