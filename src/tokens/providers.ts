import { optionFault } from '../catalogue/index.ts'
import { ConfigurationError, processSecrets, refuseSetting, type Secret } from '../plan/index.ts'
import { secretText } from '../profiles/index.ts'
import type { ClientAssertion, ClientCredentials, TimedToken, TokenDelegate, TokenRequest } from './contract.ts'

/** An application whose tokens a session uses, as a value; made by `clientCredentials()`. */
export interface ClientCredentialsProvider {
  readonly kind: 'client_credentials'
  readonly domain?: string
  readonly clientId: string
  readonly audience?: string
  readonly organization?: string
}

/** An object that brings tokens, such as the provider of another SDK. */
export interface TokenProvider {
  /** Called for each request, unless it told how long its token holds. */
  getAccessToken(request: TokenRequest): string | TimedToken | Promise<string | TimedToken>
}

/** Where tokens of the Management API come from: a token, a function or object that brings one, or an application. */
export type TokenChoice = string | TokenDelegate | TokenProvider | ClientCredentialsProvider

/**
 * What `clientCredentials()` takes.
 *
 * @example
 * connect({ domain: 'my.custom.domain', token: clientCredentials({ clientId: 'id', clientSecret: 'secret' }) })
 */
export interface ClientCredentialsOptions {
  readonly clientId: string
  /** A text, or what `secret()` gives. */
  readonly clientSecret?: string | Secret
  readonly clientAssertion?: ClientAssertion
  /** Domain that tokens are fetched from; that of the session when left out, and no other. */
  readonly domain?: string
  /** Audience of the tokens; that of the session when left out. */
  readonly audience?: string
  /** Organization of the tokens. */
  readonly organization?: string
}

/** The credentials behind a provider: printing it shows none of them. */
const kept = new WeakMap<ClientCredentialsProvider, ClientCredentials>()

const OPTIONS = ['clientId', 'clientSecret', 'clientAssertion', 'domain', 'audience', 'organization']

/**
 * Tokens by the client-credentials grant, as a value for `connect({ token })` or the stage `token(provider)`. They are
 * fetched when first needed, kept for the process and renewed before they expire.
 *
 * @returns A value that prints without the secret.
 * @throws ConfigurationError for an unknown option, or where `clientId` or a credential is missing.
 * @see https://auth0.com/docs/get-started/authentication-and-authorization-flow/client-credentials-flow
 * @example
 * const session = connect({ domain: 'my.custom.domain', token: clientCredentials({ clientId: 'id', clientSecret: 'secret' }) })
 */
export function clientCredentials(options: ClientCredentialsOptions): ClientCredentialsProvider {
  const { clientId, clientAssertion, domain, audience, organization } = options ?? {}
  const fault = optionFault(options ?? {}, OPTIONS)
  if (fault !== undefined) refuseSetting('clientCredentials()', fault)
  const clientSecret = secretText(options?.clientSecret)
  if (typeof clientId !== 'string' || clientId.trim() === '' || (clientSecret ?? '') === '') {
    if (typeof clientId !== 'string' || clientId.trim() === '' || clientAssertion === undefined) {
      throw new ConfigurationError(
        'clientCredentials(): it needs the application. Pass clientId with clientSecret or clientAssertion.',
      )
    }
  }
  if (clientSecret !== undefined) processSecrets().add(clientSecret)
  const provider: ClientCredentialsProvider = Object.freeze({
    kind: 'client_credentials',
    clientId,
    ...(domain !== undefined && { domain }),
    ...(audience !== undefined && { audience }),
    ...(organization !== undefined && { organization }),
  })
  kept.set(provider, {
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    ...(clientAssertion !== undefined && { clientAssertion }),
  })
  return provider
}

/** The credentials of what `clientCredentials()` made; nothing of anything else. */
export function credentialsOf(choice: unknown): ClientCredentials | undefined {
  return typeof choice === 'object' && choice !== null ? kept.get(choice as ClientCredentialsProvider) : undefined
}

/** Whether a value has the method of a token provider. */
export function isTokenProvider(choice: unknown): choice is TokenProvider {
  return typeof (choice as Partial<TokenProvider> | null | undefined)?.getAccessToken === 'function'
}
