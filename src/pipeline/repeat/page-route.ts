import type { Paging } from '../../catalogue/index.ts'
import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import type { PageContent } from '../../wire/index.ts'

/** Page size where the answer cannot tell that the server made it smaller: the public cloud's largest. */
const CAREFUL = 50
/** So many pages without an item, one after the other, are no list any more. */
const MOST_EMPTY = 50
/** So many pages that begin with a record that began an earlier one lead nowhere. */
const MOST_AGAIN = 3

/** What of a list is wanted. */
export interface Wanted {
  /** Most items; all when left out. */
  readonly most?: number
  /** Whether the caller relies on getting all of them. */
  readonly whole?: boolean
}

/** Where a list goes on after a page. */
export type PageStep =
  | { readonly kind: 'next'; readonly query: JsonObject; readonly repeats?: undefined }
  | { readonly kind: 'end'; readonly query?: undefined; readonly repeats?: boolean }
  /** The answer does not move on. */
  | { readonly kind: 'stuck'; readonly why: string }
  /** Paging ends before the list does; told at once where all of it is wanted, else after what it reaches. */
  | { readonly kind: 'wall'; readonly reach: number; readonly total: number | undefined; readonly atOnce: boolean }

/** The way through the pages of a list. */
export interface PageRoute {
  readonly first: JsonObject
  after(content: PageContent, value: unknown): PageStep
}

const END: PageStep = { kind: 'end' }

/** By cursor where the operation always pages so, or where both ways exist and the query asks for no page number. */
export function pageRoute(paging: Paging, query: JsonObject, wanted: Wanted): PageRoute {
  const cursor = byCursor(paging, query)
  const asked = asCount(query.per_page) ?? asCount(query.take)
  const largest = paging.most > 0 ? paging.most : CAREFUL
  const usual = paging.totals || cursor ? largest : Math.min(largest, CAREFUL)
  const size = asked ?? Math.max(1, Math.min(usual, wanted.most ?? usual))
  return cursor ? new CursorRoute(paging, query, size) : new NumberRoute(paging, query, size, wanted)
}

function byCursor(paging: Paging, query: JsonObject): boolean {
  if (paging.style === 'checkpoint') return true
  if (paging.style === 'logs') return query.from !== undefined || query.take !== undefined
  if (paging.style !== 'both') return false
  // Totals beside a cursor are a wish that Auth0 passes over; the cursor says how the list is paged.
  if (query.from !== undefined || query.take !== undefined) return true
  return query.page === undefined && query.per_page === undefined && query.include_totals === undefined
}

/** The records that the pages of a list begin with. */
class Beginnings {
  readonly #seen = new Set<string>()
  #again = 0

  /** Whether pages begin with records that were there, whatever was asked for. What has no id may well be the same. */
  again(first: unknown): boolean {
    if (!isJsonObject(first as JsonObject) || !Object.keys(first as object).some((key) => /id$/.test(key))) return false
    const text = JSON.stringify(first)
    if (this.#seen.has(text)) this.#again += 1
    this.#seen.add(text)
    return this.#again >= MOST_AGAIN
  }
}

/** Pages by cursor. A cursor that came before, or very many pages without an item, lead nowhere. */
class CursorRoute implements PageRoute {
  readonly first: JsonObject
  readonly #seen = new Set<string>()
  readonly #size: number
  #query: JsonObject
  #before: string | undefined
  #empty = 0
  readonly #began = new Beginnings()
  readonly #paging: Paging
  /** Goes on by page number, where the server answered as if that had been asked. */
  #numbers: NumberRoute | undefined

  constructor(paging: Paging, query: JsonObject, size: number) {
    this.first = { ...query, take: query.take ?? size }
    this.#query = this.first
    this.#size = asCount(this.first.take) ?? size
    this.#paging = paging
    if (typeof query.from === 'string') this.#seen.add(query.from)
  }

  after(content: PageContent, value: unknown): PageStep {
    if (this.#numbers !== undefined) {
      const step = this.#numbers.after(content, value)
      // A server that knows no page numbers either gives the whole list again.
      return step.kind === 'stuck' && Array.isArray(value) ? { kind: 'end', repeats: true } : step
    }
    const { items, next, total = 0 } = content
    if (next === undefined && this.#seen.size === 0 && total > items.length && items.length > 0)
      return this.#byNumber(content, value)
    this.#empty = items.length === 0 ? this.#empty + 1 : 0
    if (next === undefined) return this.#withoutCursor(content, value)
    if (this.#seen.has(next)) {
      // Some servers name the last cursor for ever: a page without items ends the list there.
      return items.length === 0
        ? END
        : { kind: 'stuck', why: `names the cursor ${JSON.stringify(next.slice(0, 80))} again` }
    }
    if (this.#empty > MOST_EMPTY)
      return { kind: 'stuck', why: `is the ${this.#empty}th without an item, and names another` }
    if (this.#began.again(items[0])) return { kind: 'stuck', why: 'begins with the same record as an earlier one' }
    return this.#go(next)
  }

  /**
   * A bare list cannot name a cursor. Where the operation has page numbers too, the server went by those; else the id of the
   * last item is a cursor. A short page may be one that the server made smaller. An object without a cursor is the last page.
   */
  #withoutCursor(content: PageContent, value: unknown): PageStep {
    const { items } = content
    if (!Array.isArray(value) || items.length === 0) return END
    // A server that gives more than it was asked for knows no pages.
    if (items.length > this.#size) return END
    if (this.#paging.style === 'both' && this.#seen.size === 0) return this.#byNumber(content, value)
    const last = idOf(items.at(-1))
    const same = JSON.stringify(items)
    if (same === this.#before) return { kind: 'end', repeats: true }
    if (last === undefined || this.#seen.has(last)) return END
    this.#before = same
    return this.#go(last)
  }

  #byNumber(content: PageContent, value: unknown): PageStep {
    const { take: _, ...query } = this.first
    this.#numbers = new NumberRoute(this.#paging, query, this.#size, {})
    return this.#numbers.after(content, value)
  }

  #go(from: string): PageStep {
    this.#seen.add(from)
    this.#query = { ...this.#query, from }
    return { kind: 'next', query: this.#query }
  }
}

function idOf(item: unknown): string | undefined {
  if (!isJsonObject(item as JsonObject)) return undefined
  const { log_id, id, _id } = item as { log_id?: unknown; id?: unknown; _id?: unknown }
  return [log_id, id, _id].find((each): each is string => typeof each === 'string' && each !== '')
}

/** Pages by number. What came is counted: a server may give less than it was asked for. */
class NumberRoute implements PageRoute {
  readonly first: JsonObject
  readonly #paging: Paging
  readonly #wanted: Wanted
  #query: JsonObject
  /** How many items the server puts on a page, as far as it is known. */
  #size: number
  /** Whether a page has shown that size, so that a shorter one is the last. */
  #sure: boolean
  /** Place in the list behind the last item that came. */
  #end: number
  #before: string | undefined
  readonly #began = new Beginnings()

  constructor(paging: Paging, query: JsonObject, size: number, wanted: Wanted) {
    const totals: JsonObject = paging.totals && query.include_totals === undefined ? { include_totals: true } : {}
    this.first = { ...query, page: query.page ?? 0, per_page: query.per_page ?? size, ...totals }
    this.#query = this.first
    this.#paging = paging
    this.#wanted = wanted
    this.#size = asCount(this.first.per_page) ?? size
    this.#sure = false
    this.#end = (asCount(this.first.page) ?? 0) * this.#size
  }

  after({ items, total, start }: PageContent, value: unknown): PageStep {
    const told = isJsonObject(value as JsonObject) ? asCount((value as JsonObject).limit) : undefined
    if (start !== undefined) this.#end = Math.max(this.#end, start)
    this.#end += items.length
    // A log search tells the length of the page as its total.
    const whole = this.#paging.items === 'logs' || this.#contradicts(items.length, total, told) ? undefined : total
    if (items.length === 0) return END
    if (whole === undefined ? this.#isLast(items.length, told) : this.#end >= whole) return this.#atEnd(whole)
    const content = JSON.stringify(items)
    if (content === this.#before) return { kind: 'stuck', why: 'holds the same items as the one before' }
    this.#before = content
    if (this.#began.again(items[0])) return { kind: 'stuck', why: 'begins with the same record as an earlier one' }
    const page = this.#following(items.length, told)
    return this.#wall(page, whole) ?? this.#go(page)
  }

  /** True for a total that is less than what came, or that may be the length of this page, which is full: it tells no end. */
  #contradicts(length: number, total: number | undefined, told: number | undefined): boolean {
    if (total === undefined) return false
    if (total < this.#end) return true
    const isFull = length >= (told !== undefined && told > 0 ? Math.min(told, this.#size) : this.#size)
    return total === length && total === this.#end && this.#before === undefined && isFull
  }

  #isLast(length: number, told: number | undefined): boolean {
    if (told !== undefined && told > 0) return length < Math.min(told, this.#size)
    // Shorter than the page before: the last. The first may be short because the server makes pages smaller.
    return this.#sure && length < this.#size
  }

  /** The number of the next page. A server that makes pages smaller is asked for pages of its own size from then on. */
  #following(length: number, told: number | undefined): number {
    const page = asCount(this.#query.page) ?? 0
    const size = told !== undefined && told > 0 ? Math.min(told, this.#size) : Math.min(length, this.#size)
    if (!this.#sure && size < this.#size && this.#end % size === 0) {
      this.#size = size
      this.#sure = true
      this.#query = { ...this.#query, per_page: size }
      return this.#end / size
    }
    this.#sure = true
    return page + 1
  }

  #go(page: number): PageStep {
    this.#query = { ...this.#query, page }
    return { kind: 'next', query: this.#query }
  }

  #wall(page: number, total: number | undefined): PageStep | undefined {
    const { reach } = this.#paging
    if (reach === undefined) return undefined
    const tooMany = total !== undefined && total > reach && this.#wanted.whole === true
    if ((page + 1) * this.#size <= reach && !tooMany) return undefined
    return { kind: 'wall', reach, total, atOnce: tooMany }
  }

  /** Auth0's own totals end at the wall as well: exactly so many may be all, or the first of more. */
  #atEnd(total: number | undefined): PageStep {
    const { reach } = this.#paging
    if (reach === undefined || this.#end < reach || this.#wanted.whole !== true) return END
    return { kind: 'wall', reach, total: total === reach ? undefined : total, atOnce: false }
  }
}

function asCount(value: unknown): number | undefined {
  const count = typeof value === 'string' ? Number(value) : value
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 ? count : undefined
}
