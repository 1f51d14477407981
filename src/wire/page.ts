import type { Paging } from '../catalogue/index.ts'
import { isJsonObject } from '../plan/index.ts'

/** What an answer of a list operation holds. */
export interface PageContent<T = unknown> {
  readonly items: T[]
  /** Number of all items, when the server told it. */
  readonly total?: number
  /** Where this page begins, for offset paging with totals. */
  readonly start?: number
  /** Cursor of the following page (`from`), for checkpoint paging; absent on the last page. */
  readonly next?: string
}

/**
 * Takes a list answer apart: a bare array, or an object that wraps the collection. Log lists carry their cursor in the
 * `Link` header, which is there on the last page as well: their end is a page without items.
 *
 * @throws TypeError when the answer holds no collection.
 */
export function pageOf<T = unknown>(
  value: unknown,
  paging: Paging,
  headers: Readonly<Record<string, string>> = {},
): PageContent<T> {
  const next = paging.style === 'logs' ? linkCursor(headers.link) : undefined
  if (value === undefined) return { items: [] }
  if (Array.isArray(value)) return { items: value as T[], ...(next !== undefined && value.length > 0 && { next }) }
  if (!isJsonObject(value))
    throw new TypeError(`The answer is no list: it is ${value === null ? 'null' : typeof value}`)
  const items = collectionOf(value, paging.items)
  const cursor = typeof value.next === 'string' && value.next !== '' ? value.next : next
  return {
    items: items as T[],
    ...(typeof value.total === 'number' && { total: value.total }),
    ...(typeof value.start === 'number' && { start: value.start }),
    ...(cursor !== undefined && { next: cursor }),
  }
}

// Documents and servers disagree about a few keys (`tokens`, `authenticators`, `eventStreams`): the only list is the list.
function collectionOf(value: { readonly [key: string]: unknown }, key: string): unknown[] {
  const named = value[key]
  if (Array.isArray(named)) return named
  const lists = Object.values(value).filter(Array.isArray)
  if (named === undefined && lists.length === 1) return lists[0] as unknown[]
  const found = named === undefined ? '' : `: it is ${named === null ? 'null' : typeof named}`
  const names = Object.keys(value).slice(0, 20).join(', ') || 'none'
  throw new TypeError(`The answer has no list "${key}"${found}; its fields are ${names}`)
}

/** The `from` parameter of the `rel="next"` entry of a `Link` header. */
function linkCursor(link: string | undefined): string | undefined {
  if (link === undefined) return undefined
  for (const [, target, parameters] of link.matchAll(/<([^>]*)>([^,]*)/g)) {
    if (!/;\s*rel="?next"?/i.test(parameters ?? '')) continue
    const query = (target ?? '').split('?')[1] ?? ''
    return new URLSearchParams(query).get('from') ?? undefined
  }
  return undefined
}
