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
  /** Why it cannot be a token for this tenant's Management API. */
  readonly #foreign: string | undefined

  constructor(environment: TokenEnvironment, token: string, client?: ClientCredentials) {
    const claims = decodeToken(token)?.claims ?? {}
    const expiresAt = expiryOf(claims)
    const scopes = scopesOf(claims)
    this.#environment = environment
    this.#client = new OwnClient(environment, client)
    this.#foreign = foreignAudience(claims.aud, environment)
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
    if (this.#foreign !== undefined) return undefined
    return expiresAt === undefined || expiresAt > this.#environment.clock.now() ? this.#bearer : undefined
  }

  token(): Subscribable<BearerToken> {
    const bearer = this.ready()
    if (bearer !== undefined) return given(bearer)
    if (this.#foreign !== undefined) return failed(new ConfigurationError(this.#foreign))
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

const MANAGEMENT = /^https:\/\/([^/]+)\/api\/v2\/$/

/**
 * What to say of a token that shows that it is for another API, or for another tenant of Auth0's domain. Of custom domains
 * nothing can be told from outside.
 */
function foreignAudience(aud: unknown, { audience, domain }: TokenEnvironment): string | undefined {
  const given = [aud ?? []].flat().filter((each) => typeof each === 'string')
  if (given.length === 0 || given.includes(audience)) return undefined
  const next = `Bring a token for ${audience}, or pass clientId and clientSecret.`
  const tenants = given.flatMap((each) => MANAGEMENT.exec(each)?.[1] ?? [])
  if (tenants.length === 0 && MANAGEMENT.test(audience))
    return `The token given to connect() is for ${given.join(' and ')}, and not for the Management API, so nothing was sent. ${next}`
  const isOther = (host: string): boolean => host !== domain && host.endsWith('.auth0.com')
  if (!domain.endsWith('.auth0.com') || !MANAGEMENT.test(audience) || !tenants.every(isOther)) return undefined
  if (tenants.length === 0) return undefined
  return `The token given to connect() is for ${tenants.join(' and ')}, and the domain is ${domain}, so nothing was sent. Correct the domain and its region. ${next}`
}
