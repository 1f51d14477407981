import { isJsonObject, type Json, type JsonObject } from '../../plan/index.ts'
import type { ManagementCall, Tenant } from '../contract.ts'
import { type Collections, type LagName, type Table, collection as tableOf } from '../tenant/index.ts'

/** A record without the keys that are private to the sandbox (`$password` and the like). */
export function publicRecord(record: JsonObject): JsonObject {
  // A list of fifty records takes this path fifty times: no list of entries is made of each.
  const shown: Record<string, Json> = {}
  for (const key in record) if (key.charCodeAt(0) !== DOLLAR) shown[key] = record[key] as Json
  return shown
}

const DOLLAR = 36

/** Drops `undefined`, so that optional fields can be written in one literal. */
export function compact(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  const entries = Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}

export function without(record: JsonObject, ...keys: readonly string[]): JsonObject {
  if (!keys.some((key) => record[key] !== undefined)) return record
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)))
}

export function pick(record: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([key]) => keys.includes(key)))
}

/**
 * Root keys of `changes` replace; `null` takes the key away. A change has passed the schema of its operation, so that
 * the record stays of its kind.
 */
export function assign<R extends JsonObject>(record: R, changes: JsonObject): R {
  const merged = { ...record, ...changes }
  const kept = Object.entries(merged).filter(([key, value]) => !(value === null && key in changes))
  return Object.fromEntries(kept) as R
}

/** First-level merge of metadata: `null` takes a key away, `{}` clears everything. */
export function mergeMetadata(current: Json | undefined, changes: JsonObject): JsonObject {
  if (Object.keys(changes).length === 0) return {}
  return assign(objectOf(current) ?? {}, changes)
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}

export function objectOf(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

export function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return listOf(value).filter(isJsonObject)
}

export function stringsOf(value: Json | undefined): readonly string[] {
  return listOf(value).filter((item): item is string => typeof item === 'string')
}

/** A list of the record, empty when there is none: for `flatMap` over look-ups. */
export function present(record: JsonObject | undefined): readonly JsonObject[] {
  return record === undefined ? [] : [record]
}

/** The request's body as an object; an absent body counts as an empty one. */
export function bodyOf(call: ManagementCall): JsonObject {
  return objectOf(call.body) ?? {}
}

/** A path parameter of the operation; its absence is a defect of the router. */
export function parameter(call: ManagementCall, name: string): string {
  const value = call.params[name]
  if (value === undefined) throw new Error(`The operation ${call.row.id} was called without its parameter '${name}'.`)
  return value
}

/** Another collection of the tenant, made when first asked for; see `collection` of the tables. */
export function collection<N extends keyof Collections>(tenant: Tenant, name: N): Table<Collections[N]>
export function collection<R extends JsonObject = JsonObject>(tenant: Tenant, name: string): Table<R>
export function collection(tenant: Tenant, name: string): Table {
  return tableOf(tenant.tables, name)
}

/** The moment whose state a late read shows; `undefined` where nothing is late. */
export function seenAt(tenant: Tenant, name: LagName): number | undefined {
  return tenant.lag[name] === 0 ? undefined : tenant.clock.now() - tenant.lag[name]
}

/** The tenant's time as the API writes it. */
export function isoNow(tenant: Tenant): string {
  return new Date(tenant.clock.now()).toISOString()
}

/** An id of Auth0's usual form: prefix and sixteen characters. */
export function newId(tenant: Tenant, prefix: string, length = 16): string {
  return prefix + tenant.random.text(length)
}

export function newUuid(tenant: Tenant): string {
  const hex = (length: number): string => tenant.random.text(length, '0123456789abcdef')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`
}
