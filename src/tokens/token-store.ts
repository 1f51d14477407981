import { Outages } from '../plan/index.ts'
import type { BearerToken, CachedToken, TokenCache, TokenQuotas } from './contract.ts'
import { type Flight, withTimeout } from './subscribables.ts'

/** A cache that answers at once. */
interface OwnTokenCache extends TokenCache {
  get(key: string): CachedToken | undefined
  set(key: string, token: CachedToken): void
  delete(key: string, token: string): void
}

const MOST_ENTRIES = 500

/** Forgets the oldest entry when it grows too large: a process may meet many tenants. */
export class BoundedMap<V> extends Map<string, V> {
  override set(key: string, value: V): this {
    super.delete(key)
    super.set(key, value)
    if (this.size > MOST_ENTRIES) super.delete(this.keys().next().value as string)
    return this
  }
}

/** Tokens kept in the process, where no printing reaches them. */
class MemoryCache implements OwnTokenCache {
  readonly #entries = new BoundedMap<CachedToken>()

  get(key: string): CachedToken | undefined {
    return this.#entries.get(key)
  }

  set(key: string, token: CachedToken): void {
    this.#entries.set(key, token)
  }

  delete(key: string, token: string): void {
    if (this.#entries.get(key)?.token === token) this.#entries.delete(key)
  }
}

/** A refusal that asking again would only repeat. */
interface RememberedRefusal {
  readonly error: Error
  /** Epoch milliseconds. */
  readonly at: number
}

/** What all sessions of a process share about tokens. */
export interface SharedTokens {
  readonly version: 2
  readonly cache: OwnTokenCache
  /** Requests that are under way, so that many plans spend one token. */
  readonly flights: Map<string, Flight<BearerToken>>
  readonly refusals: Map<string, RememberedRefusal>
  readonly quotas: Map<string, TokenQuotas>
}

const place = Symbol.for('tenantlab.tokens')

/**
 * The state that all copies of this module in a process share: a notebook cell that runs again, or that imports the
 * package under another path, finds its token.
 */
export function sharedTokens(): SharedTokens {
  const home = globalThis as { [place]?: SharedTokens }
  const found = home[place]
  if (found?.version === 2) return found
  const made = new ProcessTokens()
  Object.defineProperty(home, place, { value: made, enumerable: false, configurable: true, writable: true })
  return made
}

class ProcessTokens implements SharedTokens {
  readonly version = 2
  readonly #cache = new MemoryCache()
  readonly #flights = new Map<string, Flight<BearerToken>>()
  readonly #refusals = new BoundedMap<RememberedRefusal>()
  readonly #quotas = new BoundedMap<TokenQuotas>()

  get cache(): OwnTokenCache {
    return this.#cache
  }

  get flights(): Map<string, Flight<BearerToken>> {
    return this.#flights
  }

  get refusals(): Map<string, RememberedRefusal> {
    return this.#refusals
  }

  get quotas(): Map<string, TokenQuotas> {
    return this.#quotas
  }
}

/** Milliseconds that the store of the caller's own may take for one answer. */
const ANSWER = 3000
/** Milliseconds that a process waits for its turn to fetch a token: longer would cost the run, going on costs one token. */
const TURN = 10_000
const INSTEAD = 'A token that is not found is fetched from the tenant, which spends one of its quota.'

/**
 * Where tokens are looked for and put: in the process, and behind it, where there is one, in the cache that the caller
 * shares with other processes. That one may fail, hang or answer nonsense; none of it is fatal.
 */
export class TokenStore {
  readonly flights: Map<string, Flight<BearerToken>>
  readonly #own: OwnTokenCache
  readonly #shared: TokenCache | undefined
  readonly #outages = new Outages(
    'The store of tokens that connect() was given as stores.tokens',
    'TENANTLAB_TOKEN_STORE',
  )
  /** The token that the tenant refused last, by key: the store may still have it. */
  readonly #refused = new BoundedMap<string>()

  constructor(own: OwnTokenCache, flights: Map<string, Flight<BearerToken>>, shared?: TokenCache) {
    this.#own = own
    this.flights = flights
    this.#shared = shared
  }

  /** Whether there is more than the process to look in. */
  get isShared(): boolean {
    return this.#shared !== undefined
  }

  /** A token that this process knows. */
  own(key: string, now: number): CachedToken | undefined {
    const found = this.#own.get(key)
    return found !== undefined && isFresh(found, now) ? found : undefined
  }

  /** A token that some process has put into the store. */
  async find(key: string, now: number): Promise<CachedToken | undefined> {
    const found = await this.#ask('get()', async (store) => tokenIn(await store.get(key)))
    if (found === undefined) return undefined
    if (found.token === this.#refused.get(key) || !isFresh(found, now)) return undefined
    this.#own.set(key, found)
    return found
  }

  async keep(key: string, token: CachedToken): Promise<void> {
    this.#own.set(key, token)
    await this.#ask('set()', (store) => store.set(key, token), token.token)
  }

  /** Forgets a token that the tenant refused; the one that this process knows when left out. */
  drop(key: string, given?: string): void {
    const token = given ?? this.#own.get(key)?.token
    if (token === undefined) return
    this.#own.delete(key, token)
    if (this.#shared === undefined) return
    this.#refused.set(key, token)
    void this.#ask('delete()', (store) => store.delete(key, token), token)
  }

  /**
   * Runs work while no other process does under this key, where the store can see to it; else, and where the store
   * fails, at once.
   *
   * @param work Is told whether it has waited for its turn: the process that had the turn before may have put a token there.
   * @throws what the work throws, and the signal's reason when it is aborted.
   */
  async exclusively<T>(key: string, work: (waited: boolean) => Promise<T>, signal: AbortSignal): Promise<T> {
    const store = this.#shared
    if (store?.exclusive === undefined) return work(false)
    let working: Promise<T> | undefined
    // A turn that comes after the work was begun without one finds it done.
    const start = (waited: boolean): Promise<T> => {
      working ??= work(waited)
      return working
    }
    const turn = new Promise<void>((resolve, reject) => {
      const once = (): Promise<void> => {
        resolve()
        const done = start(true).then(nothing)
        // It is told where the token is waited for, also where the store looks away.
        done.catch(nothing)
        return done
      }
      Promise.resolve(store.exclusive?.(key, once, signal)).then(resolve, async (error: unknown) => {
        reject(error)
        const own = await working?.then(nothing, (failure: unknown) => failure)
        // The work's own failure passes through; anything else went wrong after it.
        if (working !== undefined && own !== error) this.#outages.failed('exclusive()', error, INSTEAD)
      })
    })
    try {
      await withTimeout(TURN, turn, signal)
      if (working === undefined) throw new Error('it settled without doing the work')
      this.#outages.worked('exclusive()')
    } catch (error) {
      if (signal.aborted) throw error
      if (working === undefined) this.#outages.failed('exclusive()', error, INSTEAD)
    }
    return start(false)
  }

  async #ask<T>(part: string, ask: (store: TokenCache) => T | PromiseLike<T>, token?: string): Promise<T | undefined> {
    if (this.#shared === undefined) return undefined
    try {
      const answer = await withTimeout(ANSWER, Promise.resolve(ask(this.#shared)))
      this.#outages.worked(part)
      return answer
    } catch (error) {
      this.#outages.failed(part, error, INSTEAD, token === undefined ? [] : [token])
      return undefined
    }
  }
}

const nothing = (): undefined => undefined
const stores = new WeakMap<TokenCache, TokenStore>()

/** The store of a cache of the caller's own, the same for all its sessions; that of the process where there is none. */
export function tokenStoreOf(cache: TokenCache | undefined, shared: SharedTokens = sharedTokens()): TokenStore {
  if (cache === undefined) return new TokenStore(shared.cache, shared.flights)
  let found = stores.get(cache)
  if (found === undefined) {
    found = new TokenStore(new MemoryCache(), new Map(), cache)
    stores.set(cache, found)
  }
  return found
}

function isFresh({ renewAt, expiresAt }: CachedToken, now: number): boolean {
  return now < (renewAt ?? expiresAt ?? Number.POSITIVE_INFINITY)
}

/**
 * What a store answered, if it is a token: it goes into a header.
 *
 * @throws TypeError for anything else.
 */
function tokenIn(value: unknown): CachedToken | undefined {
  if (value === undefined || value === null) return undefined
  const { token, expiresAt, renewAt, scopes } = value as Partial<Record<keyof CachedToken, unknown>>
  const isTime = (time: unknown): boolean => time === undefined || Number.isFinite(time)
  if (
    typeof token === 'string' &&
    /^[\x21-\x7e]+$/.test(token) &&
    isTime(expiresAt) &&
    isTime(renewAt) &&
    (scopes === undefined || (Array.isArray(scopes) && scopes.every((scope) => typeof scope === 'string')))
  ) {
    return value as CachedToken
  }
  throw new TypeError('it answered something that is no token')
}
