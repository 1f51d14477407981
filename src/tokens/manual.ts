import { ConfigurationError, type Subscribable } from '../plan/index.ts'
import { OwnClient } from './client-authentication.ts'
import type { BearerToken, ClientCredentials, TokenEnvironment, TokenQuotas, TokenSource } from './contract.ts'
import { decodeToken, expiryOf, scopesOf } from './decode.ts'
import { failed, given } from './subscribables.ts'

/** A token that the caller brought. It is used as it is, never renewed and never tried twice. */
export class ManualSource implements TokenSource {
  readonly kind = 'manual'
  readonly #environment: TokenEnvironment
  readonly #bearer: BearerToken
  readonly #client: OwnClient

  constructor(environment: TokenEnvironment, token: string, client?: ClientCredentials) {
    const claims = decodeToken(token)?.claims ?? {}
    const expiresAt = expiryOf(claims)
    const scopes = scopesOf(claims)
    this.#environment = environment
    this.#client = new OwnClient(environment, client)
    this.#bearer = {
      token,
      source: 'manual',
      audience: environment.audience,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(scopes === undefined ? {} : { scopes }),
    }
  }

  ready(): BearerToken | undefined {
    const { expiresAt } = this.#bearer
    return expiresAt === undefined || expiresAt > this.#environment.clock.now() ? this.#bearer : undefined
  }

  token(): Subscribable<BearerToken> {
    const bearer = this.ready()
    if (bearer !== undefined) return given(bearer)
    return failed(
      new ConfigurationError(
        `The token given to connect() expired at ${new Date(this.#bearer.expiresAt ?? 0).toISOString()}, and nothing was sent. Connect ` +
          'with a fresh token, with a function that brings one, or with clientId and clientSecret.',
      ),
    )
  }

  /** A refused token stays what the caller gave; the next request tells the refusal again. */
  drop(): void {}

  clientFields(client: ClientCredentials | undefined): Promise<Record<string, string>> | Record<string, string> {
    return this.#client.fields(client)
  }

  quotas(): TokenQuotas {
    return { client: [], organization: [] }
  }
}
