import type { BearerToken, TokenQuotas } from './contract.ts'
import type { Flight } from './subscribables.ts'

/** A token as the cache keeps it. */
export interface CachedToken {
  readonly token: string
  /** Epoch milliseconds; absent when the server did not say. */
  readonly expiresAt?: number
  /** Epoch milliseconds from which a new one is fetched. */
  readonly renewAt?: number
  readonly scopes?: readonly string[]
}

/** Keeps tokens under an opaque key. The one here lives in the process; a shared store can take its place. */
export interface TokenCache {
  get(key: string): CachedToken | undefined
  set(key: string, token: CachedToken): void
  delete(key: string): void
}

/** A refusal that asking again would only repeat. */
export interface RememberedRefusal {
  readonly error: Error
  /** Epoch milliseconds. */
  readonly at: number
}

/** What all sessions of a process share about tokens. */
export interface SharedTokens {
  readonly version: 1
  readonly cache: TokenCache
  /** Requests that are under way, so that many plans spend one token. */
  readonly flights: Map<string, Flight<BearerToken>>
  readonly refusals: Map<string, RememberedRefusal>
  readonly quotas: Map<string, TokenQuotas>
}

const MOST_ENTRIES = 500
const place = Symbol.for('tenantlab.tokens')

/**
 * The state that all copies of this module in a process share: a notebook cell that runs again, or that imports the
 * package under another path, finds its token.
 */
export function sharedTokens(): SharedTokens {
  const home = globalThis as { [place]?: SharedTokens }
  const found = home[place]
  if (found?.version === 1) return found
  const made = new ProcessTokens()
  Object.defineProperty(home, place, { value: made, enumerable: false, configurable: true, writable: true })
  return made
}

class ProcessTokens implements SharedTokens {
  readonly version = 1
  readonly #cache = new MemoryCache()
  readonly #flights = new Map<string, Flight<BearerToken>>()
  readonly #refusals = new BoundedMap<RememberedRefusal>()
  readonly #quotas = new BoundedMap<TokenQuotas>()

  get cache(): TokenCache {
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

/** Forgets the oldest entry when it grows too large: a process may meet many tenants. */
export class BoundedMap<V> extends Map<string, V> {
  override set(key: string, value: V): this {
    super.delete(key)
    super.set(key, value)
    if (this.size > MOST_ENTRIES) super.delete(this.keys().next().value as string)
    return this
  }
}

class MemoryCache implements TokenCache {
  readonly #entries = new BoundedMap<CachedToken>()

  get(key: string): CachedToken | undefined {
    return this.#entries.get(key)
  }

  set(key: string, token: CachedToken): void {
    this.#entries.set(key, token)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }
}
