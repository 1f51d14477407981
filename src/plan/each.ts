import type { TenantlabError } from './tenantlab-error.ts'

/**
 * How `each` goes through many items.
 *
 * @example
 * auth0.users.list().each((each) => auth0.users(each.user_id).update({ blocked: false }), { concurrency: 5 }).run()
 */
export interface EachOptions {
  /** Most items in flight at once, 1 or more; 20 when left out. The rate limit of the tenant holds besides. */
  readonly concurrency?: number
  /**
   * What a failure does to the rest. `finish` (when left out) begins nothing more and lets what is in flight end; `stop`
   * aborts that as well, so that a write may be carried out all the same; `collect` goes on, and the value says which
   * items failed.
   */
  readonly onError?: 'stop' | 'finish' | 'collect'
}

/**
 * Options of an `each` that goes on after a failure.
 *
 * @example
 * const work = auth0.users.list().each((each) => auth0.users(each.user_id).update({ blocked: false }), { onError: 'collect' })
 * console.log((await work.run()).failed)
 */
export interface CollectOptions extends EachOptions {
  readonly onError: 'collect'
}

/** How one item of an `each` ended. */
export type ItemOutcome<Item, R> = ItemDone<Item, R> | ItemFailed<Item>

/** The item's work ended in a value. */
export interface ItemDone<Item, R> {
  readonly status: 'ok'
  readonly item: Item
  readonly value: R
}

/** The item's work ended in an error. */
export interface ItemFailed<Item> {
  readonly status: 'error'
  readonly item: Item
  readonly error: TenantlabError
}
