import type { Json, JsonObject } from '../../plan/index.ts'
import type { Tables } from '../contract.ts'

/** Names of the tables that hold records of one kind. */
export const NAMED_TABLES = [
  'users',
  'clients',
  'clientGrants',
  'resourceServers',
  'connections',
  'organizations',
  'roles',
  'networkAcls',
  'customDomains',
  'jobs',
  'logs',
  'tickets',
  'invitations',
  'documents',
] as const

/** Tables as JSON data: lists of `[key, record]`, in order of creation. */
export type TablesData = { readonly [name: string]: Json }

/** Empty tables. */
export function createTables(): Tables {
  const made = Object.fromEntries(NAMED_TABLES.map((name) => [name, new Map<string, JsonObject>()]))
  return { ...made, others: new Map() } as unknown as Tables
}

/** A copy of everything in the tables. */
export function dumpTables(tables: Tables): TablesData {
  const named = NAMED_TABLES.map((name) => [name, [...tables[name]]])
  const others = [...tables.others].map(([name, records]) => [name, [...records]])
  return structuredClone(Object.fromEntries([...named, ['others', others]])) as TablesData
}

/** Replaces everything in the tables by a copy of `data`. The maps stay the same objects. */
export function fillTables(tables: Tables, data: TablesData): void {
  const copy = structuredClone(data) as unknown as Record<string, [string, JsonObject][]> & {
    others: [string, [string, JsonObject][]][]
  }
  for (const name of NAMED_TABLES) {
    tables[name].clear()
    for (const [key, record] of copy[name] ?? []) tables[name].set(key, record)
  }
  tables.others.clear()
  for (const [name, records] of copy.others) tables.others.set(name, new Map(records))
}
