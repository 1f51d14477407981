import type { Hooked } from '../../pipeline/index.ts'
import { type Clock, isJsonObject } from '../../plan/index.ts'
import { type ClientCredentials, type TokenSend, verifyIdToken } from '../../tokens/index.ts'
import type { IdTokenOptions } from './options.ts'

/** What the check of ID tokens borrows from its session. */
export interface IdTokenEnvironment {
  readonly domain: string
  readonly clock: Clock
  readonly send: TokenSend
  readonly transport: object
  readonly headers: Readonly<Record<string, string>>
  /** The session's application. */
  readonly client: ClientCredentials | undefined
  readonly options: IdTokenOptions
}

/** Checks the ID token of a login as the application that the plan, or else the session, speaks for. */
export function checkIdToken(
  idToken: string,
  hooked: Hooked,
  environment: IdTokenEnvironment,
): Promise<unknown> | undefined {
  const { plan, secrets, signal, emit } = hooked
  const { domain, clock, send, transport, headers, options } = environment
  const named = plan.client
  const client =
    named === undefined
      ? environment.client
      : { clientId: named.clientId, clientSecret: named.clientSecret && secrets[named.clientSecret.$secret] }
  // Without an application the request names none either, and the server has already refused it.
  if (client === undefined) return undefined
  const { nonce, organization, tolerance } = options
  // A nonce belongs to the login page; the other grants have none to repeat.
  const expectsNonce = isJsonObject(plan.body) && plan.body.grant_type === 'authorization_code'
  return verifyIdToken(
    idToken,
    {
      clientId: client.clientId,
      clientSecret: client.clientSecret,
      nonce: expectsNonce ? nonce : undefined,
      organization,
      tolerance,
    },
    {
      domain,
      clock,
      send,
      transport,
      headers,
      tell: (url, source) => emit({ kind: 'keys', at: clock.now(), url, source }),
    },
    signal,
  )
}
