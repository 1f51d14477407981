import type { Json, JsonObject } from '../../plan/index.ts'
import type { ManagementCall, ManagementReply } from '../contract.ts'
import { refuse, refuseQuery, reply } from './answer.ts'

const checkpointLifetime = 24 * 60 * 60 * 1000
const searchWindow = 1000

/** How a list operation pages. */
export interface PageRules<R extends JsonObject = JsonObject> {
  /** Key of the collection in a wrapped answer. */
  readonly key: string
  /** Offset paging with `page` and `per_page`. */
  readonly offset?: { readonly least?: number; readonly most?: number; readonly usual?: number }
  /** Checkpoint paging with `from` and `take`. */
  readonly checkpoint?: {
    readonly most?: number
    readonly usual?: number
    /** Whether every page that is not empty names a next one, the last one too. */
    readonly open?: boolean
  }
  /** What a wrapped offset answer carries beside `start` and `limit`. */
  readonly totals?: 'total' | 'total-and-length' | 'none'
  /**
   * `checkpoint`: wrapped even when nothing was asked for. `page`: always `{ total, page, per_page }`; `sparse-page`: the
   * same, but the total of an empty page and a page of zero are left out.
   */
  readonly always?: 'checkpoint' | 'page' | 'sparse-page'
  /** What an answer shows of a record. */
  readonly show?: (record: R) => JsonObject
  /** Only the first thousand records can be reached by offset. */
  readonly window?: boolean
}

/** Records of which a page is cut: a list, or a table without a copy of it. */
export interface Sequence<R extends JsonObject = JsonObject> {
  readonly length: number
  slice(start: number, end: number): readonly R[]
}

/** The records of a table in their order. Cutting a page walks to it and copies nothing else. */
export function inOrder<R extends JsonObject>(records: ReadonlyMap<string, R>): Sequence<R> {
  return {
    length: records.size,
    slice(start, end) {
      const part: R[] = []
      let index = 0
      for (const record of records.values()) {
        if (index >= end) break
        if (index >= start) part.push(record)
        index += 1
      }
      return part
    },
  }
}

/**
 * Answers one page of `items`: a bare array, the wrapper of `include_totals`, or a checkpoint page.
 * Page: https://auth0.com/docs/api/management/v2
 */
export function page<R extends JsonObject>(
  call: ManagementCall,
  items: Sequence<R>,
  rules: PageRules<R>,
): ManagementReply {
  const asked = call.query['from'] !== undefined || call.query['take'] !== undefined
  if (rules.checkpoint !== undefined && (asked || rules.always === 'checkpoint'))
    return checkpointPage(call, items, rules)
  if (rules.offset === undefined) return reply(200, shownPart(items, 0, items.length, rules))
  return offsetPage(call, items, rules)
}

/** Records are projected once their page is cut: what nobody sees costs nothing. */
function shownPart<R extends JsonObject>(
  items: Sequence<R>,
  start: number,
  end: number,
  { show }: PageRules<R>,
): readonly JsonObject[] {
  const part = items.slice(start, end)
  return show === undefined ? part : part.map(show)
}

function offsetPage<R extends JsonObject>(
  call: ManagementCall,
  items: Sequence<R>,
  rules: PageRules<R>,
): ManagementReply {
  const { least = 1, most = 100, usual = 50 } = rules.offset ?? {}
  const index = integer(call, 'page', 0, 0, Number.MAX_SAFE_INTEGER)
  const size = integer(call, 'per_page', usual, least, most)
  if (rules.window === true && (index + 1) * size > searchWindow) {
    refuse(
      400,
      `You can only page through the first ${searchWindow} records. See https://auth0.com/docs/api/management/v2`,
      'invalid_paging',
    )
  }
  const start = index * size
  const part = shownPart(items, start, start + size, rules)
  if (rules.always === 'page') {
    return reply(200, { total: items.length, page: index, per_page: size, [rules.key]: part })
  }
  if (rules.always === 'sparse-page') {
    const told = { ...(part.length === 0 ? {} : { total: items.length }), ...(index === 0 ? {} : { page: index }) }
    return reply(200, { ...told, per_page: size, [rules.key]: part })
  }
  if (call.query['include_totals'] !== 'true') return reply(200, part)
  const wrapper: Record<string, Json> = { start, limit: size }
  if (rules.totals === 'total-and-length') wrapper['length'] = part.length
  if (rules.totals !== 'none') wrapper['total'] = items.length
  return reply(200, { ...wrapper, [rules.key]: part })
}

function checkpointPage<R extends JsonObject>(
  call: ManagementCall,
  items: Sequence<R>,
  rules: PageRules<R>,
): ManagementReply {
  const { most = 100, open = false, usual = 50 } = rules.checkpoint ?? {}
  const take = integer(call, 'take', usual, 1, most)
  const from = call.query['from']
  const start = from === undefined ? 0 : readCheckpoint(call, from)
  const part = shownPart(items, start, start + take, rules)
  const body: JsonObject = { [rules.key]: part }
  if (open ? part.length === 0 : start + take >= items.length) return reply(200, body)
  return reply(200, { ...body, next: writeCheckpoint(call, start + part.length) })
}

/** Opaque to callers: the operation, the place and the moment after which it is refused. */
function writeCheckpoint(call: ManagementCall, position: number): string {
  const expires = call.tenant.clock.now() + checkpointLifetime
  return Buffer.from(JSON.stringify([call.row.id, position, expires])).toString('base64url')
}

function readCheckpoint(call: ManagementCall, from: string): number {
  const [operation, position, expires] = decodeCheckpoint(from)
  const known = operation === call.row.id && typeof position === 'number' && typeof expires === 'number'
  if (!known) return refuse(400, "The 'from' checkpoint is not one that this list handed out.", 'invalid_paging')
  if (expires < call.tenant.clock.now()) {
    return refuse(400, "The 'from' checkpoint has expired; start again without it.", 'invalid_paging')
  }
  return position
}

function decodeCheckpoint(from: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(from, 'base64url').toString('utf8'))
    return Array.isArray(value) ? value : []
  } catch {
    // Anything that does not decode is a checkpoint that nobody handed out, which the caller answers with 400.
    return []
  }
}

/** A whole number of the query, within its bounds. */
export function integer(call: ManagementCall, name: string, usual: number, least: number, most: number): number {
  const written = call.query[name]
  if (written === undefined) return usual
  const value = Number(written)
  if (written.trim() === '' || !Number.isInteger(value)) {
    return refuseQuery(`Query validation error: 'Expected type integer but found type string' on property ${name}.`)
  }
  if (value < least) {
    return refuseQuery(`Query validation error: 'Value ${value} is less than minimum ${least}' on property ${name}.`)
  }
  if (value > most) {
    return refuseQuery(`Query validation error: 'Value ${value} is greater than maximum ${most}' on property ${name}.`)
  }
  return value
}
