import type { Session } from '../session.ts'
import { createSession } from './create-session.ts'
import type { ConnectOptions } from './options.ts'
import { resolveSettings } from './settings.ts'
import { sharedParts } from './shared-parts.ts'
import { withUserLogin } from './user-login.ts'

/**
 * Connects to a tenant. Nothing is sent before a plan is run.
 *
 * @param given The domain alone, or domain and credentials; `AUTH0_DOMAIN`, `AUTH0_CLIENT_ID` and `AUTH0_CLIENT_SECRET`, or a stored profile,
 *   where the domain is left out. `timeout` is in milliseconds.
 * @returns The session, from which every plan is spoken.
 * @throws ConfigurationError when something is missing, unknown, or does not fit together.
 * @see https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens
 */
export function connect(given: string | ConnectOptions = {}): Session {
  const options = typeof given === 'string' ? { domain: given } : given
  const settings = resolveSettings(options)
  const shared = sharedParts(options, settings)
  return createSession(
    withUserLogin(settings, (plain) => createSession(plain, shared)),
    shared,
  )
}
