import type { OperationRow } from '../../catalogue/index.ts'
import type { TreePlace } from '../../grammar/index.ts'

/** Identifiers of resources that were listed or read in this console. */
export interface LiveIds {
  /** Remembers the identifiers in a value that an operation answered. */
  remember(value: unknown, row: OperationRow): void
  /** Identifiers for a call on this place, newest first. */
  at(place: TreePlace): readonly string[]
}

const MOST = 200
const KEYS = [
  'id',
  'user_id',
  'client_id',
  'custom_domain_id',
  'connection_id',
  'organization_id',
  'kid',
  'key',
  'name',
]

/** An empty memory. */
export function liveIds(): LiveIds {
  const byGroup = new Map<string, string[]>()
  return {
    remember(value, row) {
      // A list of something's parts tells of those, under the name of the group that they are listed in.
      const group = row.group.at(-1) ?? ''
      const found = recordsIn(value).flatMap((record) => idOf(record, group) ?? [])
      if (found.length === 0) return
      const known = byGroup.get(group) ?? []
      byGroup.set(group, [...new Set([...found, ...known])].slice(0, MOST))
    },
    at: (place) => byGroup.get(place.path.split('.').at(-1)?.replaceAll('()', '') ?? '') ?? [],
  }
}

function recordsIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null) return []
  const { items } = value as { items?: unknown }
  return Array.isArray(items) ? items : [value]
}

/** `user_id` of users before `id`: identities have both. */
function idOf(record: unknown, group: string): string | undefined {
  if (typeof record !== 'object' || record === null) return undefined
  const own = `${group.replace(/s$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_id`
  for (const key of [own, ...KEYS]) {
    const id = (record as Record<string, unknown>)[key]
    if (typeof id === 'string' && id !== '') return id
  }
  return undefined
}
