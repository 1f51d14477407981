import {
  clientCredentialsSource,
  delegateSource,
  manualSource,
  noSource,
  type TokenEnvironment,
  type TokenSource,
} from '../../tokens/index.ts'
import type { Settings } from './settings.ts'

/** The token source that the settings ask for. */
export function tokenSource(settings: Settings, environment: TokenEnvironment): TokenSource {
  const { token, client } = settings
  if (typeof token === 'string') return manualSource(environment, token, client)
  if (typeof token === 'function') return delegateSource(environment, token, client)
  // A public application can log users in; it cannot have a token of its own.
  if (client?.clientSecret === undefined && client?.clientAssertion === undefined) return noSource(environment, client)
  return clientCredentialsSource(environment, client)
}
