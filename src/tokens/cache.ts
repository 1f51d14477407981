/** A token as the cache keeps it: plain data, safe to write as JSON. */
export interface CachedToken {
  readonly token: string
  /** Epoch milliseconds; absent when the server did not say. */
  readonly expiresAt?: number
  /** Epoch milliseconds from which a new one is fetched. */
  readonly renewAt?: number
  readonly scopes?: readonly string[]
}

/**
 * Keeps access tokens, so that they are fetched once. The one here lives in the process; `stores.tokens` of `connect()`
 * takes one that several processes share. What must hold of such a cache:
 *
 * - The key is opaque, the same in every process for the same tenant, application, credential, audience and organization.
 *   It is a hash and shows none of them.
 * - The value is a credential. Anybody who can read the store can call the tenant's Management API until the token expires:
 *   encrypt the values, or let nobody else reach the store. Anybody who can write to it can make sessions send a token of
 *   their choice.
 * - What `get` answers is what `set` was given, or nothing. An entry may vanish at any time, and should at `expiresAt`.
 * - Every member is atomic on its own.
 * - Tokens that were found are kept in the process as well, until they are due or refused, so that the store is asked
 *   seldom. One that the tenant refused is never taken from the store again.
 * - A member that rejects, throws, answers nonsense or takes longer than three seconds is told once, as a warning, and
 *   done without: a token is then fetched from the tenant.
 */
export interface TokenCache {
  get(key: string): CachedToken | undefined | PromiseLike<CachedToken | undefined>
  set(key: string, token: CachedToken): void | PromiseLike<void>
  /** Removes the entry where it still holds this token: another process may have put a new one there. */
  delete(key: string, token: string): void | PromiseLike<void>
  /**
   * Runs `work` while nobody else runs work under this key, in any process, and settles after it; waits for its turn. So
   * that one token is spent where several processes need one at once. It must set itself free when its holder has died:
   * `work` is one token request, over within the session's `timeout` (30 seconds unless it says otherwise). A process that has
   * waited for ten seconds goes on without. Left out, each process fetches a token of its own.
   *
   * @param signal Aborted when nobody waits for the token any more.
   */
  exclusive?(key: string, work: () => Promise<void>, signal: AbortSignal): Promise<void>
}

/** A cache that answers at once. */
export interface OwnTokenCache extends TokenCache {
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
export class MemoryCache implements OwnTokenCache {
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
