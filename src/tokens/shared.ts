import { BoundedMap, MemoryCache, type OwnTokenCache } from './cache.ts'
import type { BearerToken, TokenQuotas } from './contract.ts'
import type { Flight } from './subscribables.ts'

/** A refusal that asking again would only repeat. */
export interface RememberedRefusal {
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
