import { ConfigurationError, type Subscribable } from '../plan/index.ts'
import { OwnClient } from './client-authentication.ts'
import type {
  BearerToken,
  ClientCredentials,
  TimedToken,
  TokenDelegate,
  TokenEnvironment,
  TokenQuotas,
  TokenSource,
} from './contract.ts'
import { decodeToken, expiryOf, renewalOf, scopesOf } from './decode.ts'
import { Flight, given, working } from './subscribables.ts'

/**
 * Tokens that a function of the caller brings. It is asked for each request, unless it said how long its token holds;
 * then it is asked again when that time is over or Auth0 refused the token.
 */
export class DelegateSource implements TokenSource {
  readonly kind = 'delegate'
  readonly #environment: TokenEnvironment
  readonly #delegate: TokenDelegate
  readonly #client: OwnClient
  #timed: { readonly bearer: BearerToken; readonly renewAt: number } | undefined
  /** Shared only by callers whose function says how long tokens hold; the others are asked one by one. */
  #flight: Flight<BearerToken> | undefined
  #keepsTime = false
  #rejected = false

  constructor(environment: TokenEnvironment, delegate: TokenDelegate, client?: ClientCredentials) {
    this.#environment = environment
    this.#delegate = delegate
    this.#client = new OwnClient(environment, client)
  }

  token(request: { rejected: boolean }): Subscribable<BearerToken> {
    const rejected = request.rejected || this.#rejected
    const timed = this.#timed
    if (timed !== undefined && !rejected && timed.renewAt > this.#environment.clock.now()) return given(timed.bearer)
    if (!this.#keepsTime) return working((signal) => this.#ask(signal, rejected))
    this.#flight ??= new Flight(
      working((signal) => this.#ask(signal, rejected)),
      () => {
        this.#flight = undefined
      },
    )
    return this.#flight
  }

  drop(token?: string): void {
    if (token !== undefined && this.#timed !== undefined && this.#timed.bearer.token !== token) return
    this.#timed = undefined
    this.#rejected = true
  }

  clientFields(client: ClientCredentials | undefined): Promise<Record<string, string>> | Record<string, string> {
    return this.#client.fields(client)
  }

  quotas(): TokenQuotas {
    return { client: [], organization: [] }
  }

  async #ask(signal: AbortSignal, rejected: boolean): Promise<BearerToken> {
    const { audience, clock } = this.#environment
    this.#rejected = false
    const answer = check(await this.#call(signal, rejected))
    const { token } = answer
    const claims = decodeToken(token)?.claims ?? {}
    const expiresAt = answer.expiresAt ?? expiryOf(claims)
    const scopes = scopesOf(claims)
    const bearer: BearerToken = {
      token,
      source: 'delegate',
      audience,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(scopes === undefined ? {} : { scopes }),
    }
    this.#keepsTime = answer.expiresAt !== undefined
    this.#timed =
      answer.expiresAt === undefined ? undefined : { bearer, renewAt: renewalOf(answer.expiresAt, clock.now()) }
    return bearer
  }

  async #call(signal: AbortSignal, rejected: boolean): Promise<unknown> {
    try {
      return await this.#delegate({ signal, rejected, audience: this.#environment.audience })
    } catch (cause) {
      const said = cause instanceof Error ? `: ${cause.message}` : ''
      throw new ConfigurationError(
        `The token function given to connect() failed${said.replace(/\.$/, '')}. Nothing was sent to the Management ` +
          'API; correct the function, and run the plan again.',
        { cause },
      )
    }
  }
}

/** Times below are seconds, as the `exp` of a token is: as milliseconds they would lie in the first years after 1970. */
const SECONDS = 1e11

function check(answer: unknown): { token: string; expiresAt?: number } {
  if (isToken(answer)) return { token: answer }
  const timed = typeof answer === 'object' && answer !== null ? (answer as Partial<TimedToken>) : {}
  const expiresAt = timed.expiresAt instanceof Date ? timed.expiresAt.getTime() : timed.expiresAt
  if (isToken(timed.token) && expiresAt === undefined) return { token: timed.token }
  if (isToken(timed.token) && typeof expiresAt === 'number' && Number.isFinite(expiresAt)) {
    return { token: timed.token, expiresAt: expiresAt < SECONDS ? expiresAt * 1000 : expiresAt }
  }
  throw new ConfigurationError(
    'The token function given to connect() brought no usable token. It must return a non-empty string without ' +
      'blanks, or { token, expiresAt } with expiresAt in epoch milliseconds or as a Date.',
  )
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}
