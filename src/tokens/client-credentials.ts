import { row } from '../catalogue/index.ts'
import {
  ApiError,
  isJsonObject,
  type JsonObject,
  type PlanData,
  planData,
  type Subscribable,
  sha256,
} from '../plan/index.ts'
import { decodeError, type HttpReply, parseQuotaHeader, parseRateLimit, type RequestDraft } from '../wire/index.ts'
import { ClientAuthentication } from './client-authentication.ts'
import type {
  BearerToken,
  CachedToken,
  ClientCredentials,
  TokenEnvironment,
  TokenQuotas,
  TokenSource,
} from './contract.ts'
import { decodeToken, expiryOf, renewalOf, scopesOf, splitScope } from './decode.ts'
import { clockIdentity } from './identity.ts'
import { Flight, failed, firstOf, given, working } from './subscribables.ts'
import { type SharedTokens, sharedTokens, type TokenStore, tokenStoreOf } from './token-store.ts'

const REFUSAL_HOLDS = 30_000
const NO_QUOTAS: TokenQuotas = { client: [], organization: [] }

/**
 * Tokens by the client-credentials grant. They are kept for the process, and in the session's shared cache where it has
 * one; fetched once for all plans that wait, and renewed shortly before they expire.
 *
 * @see https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens/get-management-api-access-tokens-for-production
 */
export class ClientCredentialsSource implements TokenSource {
  readonly kind = 'client_credentials'
  readonly #environment: TokenEnvironment
  readonly #client: ClientAuthentication
  readonly #shared: SharedTokens
  readonly #store: TokenStore
  readonly #key: string

  constructor(environment: TokenEnvironment, credentials: ClientCredentials, shared: SharedTokens = sharedTokens()) {
    const { domain, audience, organization = '', clock } = environment
    this.#environment = environment
    this.#client = new ClientAuthentication(credentials, domain, clock)
    this.#shared = shared
    this.#store = tokenStoreOf(environment.cache, this.#shared)
    const identity = [this.#client.clientId, this.#client.fingerprint(), audience, organization, clockIdentity(clock)]
    this.#key = sha256(JSON.stringify([domain, ...identity]))
  }

  ready(): BearerToken | undefined {
    const known = this.#store.own(this.#key, this.#environment.clock.now())
    return known && this.#bearer(known, 'cache')
  }

  token(): Subscribable<BearerToken> {
    const known = this.ready()
    if (known !== undefined) return given(known)
    const now = this.#environment.clock.now()
    const refusal = this.#shared.refusals.get(this.#key)
    if (refusal !== undefined && now - refusal.at < REFUSAL_HOLDS)
      return failed(remembered(refusal.error, refusal.at, now))
    const { flights } = this.#store
    let flight = flights.get(this.#key)
    if (flight === undefined) {
      flight = new Flight(
        working((signal) => (this.#store.isShared ? this.#findOrRequest(signal) : this.#request(signal))),
        () => flights.delete(this.#key),
      )
      flights.set(this.#key, flight)
    }
    return flight
  }

  drop(token?: string): void {
    this.#store.drop(this.#key, token)
    if (token === undefined) this.#shared.refusals.delete(this.#key)
  }

  clientFields(client: ClientCredentials | undefined): Promise<Record<string, string>> | Record<string, string> {
    const { domain, clock } = this.#environment
    return (client === undefined ? this.#client : new ClientAuthentication(client, domain, clock)).fields()
  }

  quotas(): TokenQuotas {
    return this.#shared.quotas.get(this.#key) ?? NO_QUOTAS
  }

  async #findOrRequest(signal: AbortSignal): Promise<BearerToken> {
    const found = await this.#found()
    if (found !== undefined) return found
    const fetch = async (waited: boolean) => (waited ? await this.#found() : undefined) ?? this.#request(signal)
    return this.#store.exclusively(this.#key, fetch, signal)
  }

  async #found(): Promise<BearerToken | undefined> {
    const token = await this.#store.find(this.#key, this.#environment.clock.now())
    return token === undefined ? undefined : this.#bearer(token, 'cache')
  }

  async #request(signal: AbortSignal): Promise<BearerToken> {
    const { send, clock } = this.#environment
    const draft = tokenDraft(this.#environment, await this.#client.fields())
    const reply = await firstOf(send(draft), signal)
    const now = clock.now()
    this.#shared.quotas.set(this.#key, quotasOf(reply, now))
    const row = tokenRow()
    const plan = tokenPlan(this.#environment)
    if (reply.status !== 200) {
      const error = decodeError(reply, row, plan, attemptsOf(reply), now)
      // Only a refused credential: a missing grant or a spent quota may be put right from outside at any moment.
      if (error instanceof ApiError && error.status === 401) this.#shared.refusals.set(this.#key, { error, at: now })
      throw error
    }
    const token = readToken(reply, now, plan)
    this.#shared.refusals.delete(this.#key)
    await this.#store.keep(this.#key, token)
    return this.#bearer(token, 'request')
  }

  #bearer(cached: CachedToken, source: 'cache' | 'request'): BearerToken {
    const { token, expiresAt, scopes } = cached
    return {
      token,
      source,
      audience: this.#environment.audience,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(scopes === undefined ? {} : { scopes }),
    }
  }
}

function tokenRow() {
  const found = row('authentication.token')
  if (found === undefined)
    throw new TypeError('The catalogue has no operation authentication.token. Run npm run catalogue.')
  return found
}

function tokenPlan({ audience, organization }: TokenEnvironment): PlanData {
  const body: Record<string, string> = { grant_type: 'client_credentials', audience }
  if (organization !== undefined) body.organization = organization
  return planData({ op: 'authentication.token', body })
}

function tokenDraft(environment: TokenEnvironment, client: Record<string, string>): RequestDraft {
  const fields = { ...(tokenPlan(environment).body as Record<string, string>), ...client }
  return {
    method: 'POST',
    origin: `https://${environment.domain}`,
    path: '/oauth/token',
    search: '',
    headers: { accept: 'application/json', ...environment.headers },
    body: { kind: 'form', fields },
  }
}

function readToken(reply: HttpReply, now: number, plan: PlanData): CachedToken {
  const answer = parseAnswer(reply.body)
  const token = answer?.access_token
  if (answer === undefined || typeof token !== 'string' || token === '') {
    throw new ApiError(
      'POST /oauth/token answered 200 without an access_token. Check that the domain is that of an Auth0 tenant and ' +
        'that no proxy answers in its place.',
      { status: reply.status, serverMessage: '', plan },
    )
  }
  const claims = decodeToken(token)?.claims ?? {}
  const lifetime = typeof answer.expires_in === 'number' ? answer.expires_in * 1000 : undefined
  const expiresAt = lifetime === undefined ? expiryOf(claims) : now + lifetime
  const scopes = typeof answer.scope === 'string' ? splitScope(answer.scope) : scopesOf(claims)
  return {
    token,
    ...(expiresAt === undefined ? {} : { expiresAt, renewAt: renewalOf(expiresAt, now) }),
    ...(scopes === undefined ? {} : { scopes }),
  }
}

function parseAnswer(body: string): JsonObject | undefined {
  try {
    const answer: unknown = JSON.parse(body)
    return isJsonObject(answer) ? answer : undefined
  } catch {
    // The caller says what is wrong with the answer; a body that is not JSON has no token either.
    return undefined
  }
}

function quotasOf(reply: HttpReply, now: number): TokenQuotas {
  const { headers } = reply
  const rateLimit = parseRateLimit(headers, now)
  return {
    client: parseQuotaHeader(headers['auth0-client-quota-limit'], now),
    organization: parseQuotaHeader(headers['auth0-organization-quota-limit'], now),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  }
}

function attemptsOf(reply: HttpReply): number {
  return 'attempt' in reply && typeof reply.attempt === 'number' ? reply.attempt : 1
}

/** The same refusal again, saying that nothing was sent this time. */
function remembered(error: Error, at: number, now: number): Error {
  if (!(error instanceof ApiError)) return error
  const { status, serverMessage, code, plan, requestId } = error
  const wait = Math.ceil((at + REFUSAL_HOLDS - now) / 1000)
  return new ApiError(
    `${error.message} (Auth0 refused this credential ${Math.round((now - at) / 1000)} s ago and nothing was sent now; ` +
      `correct the credential, or wait ${wait} s.)`,
    { status, serverMessage, attempts: 0, cause: error, code, plan, requestId },
  )
}
