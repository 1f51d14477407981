import type { Json, JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler, ManagementReply } from '../../contract.ts'
import { removeNested } from '../../tenant/index.ts'
import { refuse, reply } from '../answer.ts'
import { type PageRules, page } from '../paging.ts'
import { project } from '../projection.ts'
import { assign, bodyOf, collection, isoNow, objectOf, pick, publicRecord, stringOf, without } from '../records.ts'
import { type DocumentRules, documentRules } from './documents.ts'
import type { Kind } from './kind.ts'
import { emptyMembers, kindOf } from './kinds.ts'
import { checkParents, nameOf, type Place, placeOf, plainList, recordsAt } from './places.ts'

const notFilters = [
  'page',
  'per_page',
  'include_totals',
  'from',
  'take',
  'fields',
  'include_fields',
  'sort',
  'q',
  'search',
]

/**
 * Every operation without a handler of its own: a store of records and documents, driven by the operation's row. Lists
 * page as the row says, records get ids and timestamps, PATCH replaces root keys, PUT replaces whole.
 */
export const genericHandler: ManagementHandler = (call) => {
  checkParents(call)
  const place = placeOf(call)
  switch (place.kind) {
    case 'list':
      return onList(call, place.path)
    case 'item':
      return onItem(call, place)
    case 'action':
      return act(call, place)
    case 'document':
      return onDocument(call, place.path)
  }
}

/** The success status of the row; a body goes only with statuses that carry one. */
function done(call: ManagementCall, body?: Json): ManagementReply {
  const status = call.row.statuses.find((one) => one !== 204) ?? call.row.statuses[0] ?? 200
  return status === 204 || body === undefined ? reply(status) : reply(status, body)
}

function onList(call: ManagementCall, path: string): ManagementReply {
  const records = recordsAt(call, path)
  if (call.row.method === 'GET') return list(call, [...records.values()])
  if (call.row.method === 'POST') return create(call, path)
  if (call.row.method === 'DELETE') {
    for (const [id, record] of records) if (fits(call, record)) records.delete(id)
    return done(call)
  }
  for (const record of Array.isArray(call.body) ? (call.body as readonly JsonObject[]) : []) {
    const id = stringOf(record[kindOf(call.row.path).key]) ?? String(records.size)
    records.set(id, record)
  }
  return done(call, publicRecord(bodyOf(call)))
}

/** Query parameters that are no paging narrow the list by equality with the record's own field. */
function fits(call: ManagementCall, record: JsonObject): boolean {
  return Object.entries(call.query).every(([name, wanted]) => {
    if (notFilters.includes(name) || record[name] === undefined) return true
    return wanted.split(',').includes(String(record[name]))
  })
}

function list(call: ManagementCall, records: readonly JsonObject[]): ManagementReply {
  const found = records.filter((record) => fits(call, record))
  const { lists } = kindOf(call.row.path)
  const show = (record: JsonObject): JsonObject => {
    const visible = shown(call.row.path, record)
    return project(call, lists === undefined ? visible : pick(visible, ...lists))
  }
  const plain = plainList(call.row.path)
  if (plain === undefined) return page(call, found, { ...pageRules(call), show })
  const rows = found.map(show)
  return reply(200, plain.key === undefined ? rows : { [plain.key]: rows })
}

/** What answers show of a record of a list: not what is private, nor what is only ever written. */
function shown(template: string, record: JsonObject): JsonObject {
  const { hidden = [], shows } = kindOf(template)
  const visible = without(publicRecord(record), ...hidden)
  return shows === undefined ? visible : shows(visible)
}

function pageRules(call: ManagementCall): PageRules {
  const paging = call.row.paging
  if (paging === undefined) return { key: 'items' }
  // A maximum that a document leaves out is the usual one.
  const offset = { least: 0, most: Math.max(paging.most, 100) }
  if (call.row.path.startsWith('/api/v2/actions/')) {
    return { key: paging.items, offset: { ...offset, usual: 20 }, always: 'page' }
  }
  const checkpoint = { most: paging.most, usual: Math.min(50, paging.most) }
  const window = paging.reach !== undefined
  if (paging.style === 'both') return { key: paging.items, offset, checkpoint, window }
  if (paging.style === 'offset') return { key: paging.items, offset, window }
  // Deliveries of an event stream come as a bare list unless a page of them is asked for.
  const bare = call.row.path.endsWith('/deliveries')
  return bare ? { key: paging.items, checkpoint } : { key: paging.items, checkpoint, always: 'checkpoint' }
}

function create(call: ManagementCall, path: string): ManagementReply {
  const kind = kindOf(call.row.path)
  const body = bodyOf(call)
  const records = recordsAt(call, path)
  const unique = kind.unique ?? []
  const taken =
    unique.length > 0 && [...records.values()].some((record) => unique.every((field) => record[field] === body[field]))
  if (taken) refuse(409, `A ${nameOf(path)} with the same ${unique.join(', ')} already exists.`)
  checkReferences(call, kind, body)
  const id = kind.makeId?.(call) ?? stringOf(body[kind.key]) ?? ''
  const now = isoNow(call.tenant)
  const times: JsonObject = kind.timestamps ? { created_at: now, updated_at: now } : {}
  const starts = typeof kind.starts === 'function' ? kind.starts(call) : kind.starts
  const record = { [kind.key]: id, ...starts, ...assign({}, body), ...times }
  const made = kind.makes?.(call, record) ?? record
  records.set(id, made)
  return done(call, shown(call.row.path, made))
}

/** What a body refers to has to be there. */
function checkReferences(call: ManagementCall, kind: Kind, body: JsonObject): void {
  for (const [field, target] of Object.entries(kind.refers ?? {})) {
    const unknown = valuesAt(body, field.split('.')).find((id) => !collection(call.tenant, target).has(id))
    if (unknown !== undefined) refuse(400, `The ${nameOf(target)} ${unknown} does not exist.`, 'invalid_body')
  }
}

/** The texts at a path of a body, in all members of the lists on the way. */
function valuesAt(value: Json | undefined, [field, ...deeper]: readonly string[]): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((each) => valuesAt(each, field === undefined ? [] : [field, ...deeper]))
  if (field === undefined) return typeof value === 'string' ? [value] : []
  return valuesAt(objectOf(value)?.[field], deeper)
}

function missing(call: ManagementCall, { path, id }: { readonly path: string; readonly id: string }): never {
  const { absent, missing: code } = kindOf(parentTemplate(call))
  const said = typeof absent === 'function' ? absent(id, call.row.method) : absent
  return refuse(404, said ?? `The ${nameOf(path)} does not exist.`, code)
}

/** Path template of the list that an item operation's record is in. */
function parentTemplate(call: ManagementCall): string {
  const segments = call.row.path.split('/')
  const last = segments.findLastIndex((segment) => segment.startsWith('{'))
  return segments.slice(0, last).join('/')
}

function onItem(call: ManagementCall, place: Place & { kind: 'item' }): ManagementReply {
  const records = recordsAt(call, place.path)
  const template = parentTemplate(call)
  const kind = kindOf(template)
  checkId(call, kind, place)
  const record = records.get(place.id)
  switch (call.row.method) {
    case 'GET':
      return reply(200, project(call, shown(template, record ?? missing(call, place))))
    case 'DELETE':
      if (record === undefined && kind.strictDelete === true) missing(call, place)
      records.delete(place.id)
      removeNested(call.tenant.tables, `${place.path}/${place.id}/`)
      return done(call)
    case 'PATCH':
      checkReferences(call, kind, bodyOf(call))
      // What `null` clears shows empty again where records begin so.
      return store(call, place, {
        ...emptyMembers(template),
        ...assign(record ?? missing(call, place), bodyOf(call)),
      })
    case 'PUT':
    case 'POST': {
      // Only records whose ids callers choose can be made by PUT; the others have to exist.
      if (record === undefined && kind.makeId !== undefined) missing(call, place)
      const kept: JsonObject = record?.['created_at'] === undefined ? {} : { created_at: record['created_at'] }
      return store(call, place, { [kind.key]: place.id, ...bodyOf(call), ...kept })
    }
  }
}

function store(
  call: ManagementCall,
  place: { readonly path: string; readonly id: string },
  record: JsonObject,
): ManagementReply {
  const template = parentTemplate(call)
  const kind = kindOf(template)
  const stamped = kind.timestamps ? { ...record, updated_at: isoNow(call.tenant) } : record
  const made = kind.makes?.(call, stamped) ?? stamped
  recordsAt(call, place.path).set(place.id, made)
  return done(call, shown(template, made))
}

function checkId(_call: ManagementCall, kind: Kind, place: Place & { kind: 'item' }): void {
  if (kind.idFormat === undefined || kind.idFormat.pattern.test(place.id)) return
  const rule = `Object didn't pass validation for format ${kind.idFormat.name}: ${place.id}`
  refuse(400, `Path validation error: '${rule}' on property ${place.name}.`, 'invalid_uri')
}

/** POST on a record (deploy, validate, status …): the record takes the body's fields where it has them. */
function act(call: ManagementCall, place: Place & { kind: 'action' }): ManagementReply {
  const record = recordsAt(call, place.path).get(place.id) ?? missing(call, place)
  const known = Object.entries(bodyOf(call)).filter(([key]) => key in record)
  return store(call, place, { ...record, ...Object.fromEntries(known) })
}

function onDocument(call: ManagementCall, path: string): ManagementReply {
  const documents = call.tenant.tables.documents
  const rules = documentRules(call.row.path)
  const held = documents.get(path)
  const first = (): JsonObject | undefined => rules.starts?.(call)
  switch (call.row.method) {
    case 'GET': {
      const document = held ?? first()
      if (document !== undefined) return reply(200, project(call, shownDocument(call, document)))
      return call.row.statuses.includes(204) ? reply(204) : noDocument(path, rules)
    }
    case 'DELETE':
      documents.delete(path)
      removeNested(call.tenant.tables, `${path}/`)
      return done(call)
    case 'POST':
      if (held !== undefined) refuse(409, `The ${nameOf(path)} already exists.`)
      return keep(call, path, { ...first(), ...assign({}, bodyOf(call)) })
    case 'PATCH': {
      const before = held ?? first()
      if (before === undefined) return noDocument(path, rules)
      const body = bodyOf(call)
      const merged = Object.fromEntries(
        (rules.merged ?? []).flatMap((field) => {
          const sent = objectOf(body[field])
          return sent === undefined ? [] : [[field, mergeDeep(objectOf(before[field]) ?? {}, sent)]]
        }),
      )
      return keep(call, path, { ...assign(before, body), ...merged })
    }
    case 'PUT':
      return keep(call, path, { ...(rules.putKeeps === true ? (held ?? first()) : {}), ...objectOf(call.body) })
  }
}

/** Members of members are changed one by one; `null` takes one away. */
function mergeDeep(before: JsonObject, sent: JsonObject): JsonObject {
  const merged = Object.entries(sent).map(([name, value]) => {
    const [held, inner] = [objectOf(before[name]), objectOf(value)]
    return [name, held === undefined || inner === undefined ? value : mergeDeep(held, inner)]
  })
  return assign(before, Object.fromEntries(merged))
}

function keep(call: ManagementCall, path: string, document: JsonObject): ManagementReply {
  const { makes, timestamps } = documentRules(call.row.path)
  const now = isoNow(call.tenant)
  const stamped = timestamps === true ? { created_at: now, ...document, updated_at: now } : document
  const made = makes?.(call, stamped) ?? stamped
  call.tenant.tables.documents.set(path, made)
  return done(call, shownDocument(call, made))
}

function shownDocument(call: ManagementCall, document: JsonObject): JsonObject {
  const { shows } = documentRules(call.row.path)
  const visible = publicRecord(document)
  return shows === undefined ? visible : shows(visible)
}

function noDocument(path: string, { absent, missing: code }: DocumentRules): never {
  return refuse(404, absent ?? `There is no ${nameOf(path)} configured yet.`, code)
}
