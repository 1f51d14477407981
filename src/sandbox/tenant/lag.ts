import { collection, type Tables } from './tables.ts'

/** What Auth0 shows late, in milliseconds; 0 is at once. */
export interface Lag {
  /** User and organization search, lists of users included. */
  readonly search: number
  /** Members of organizations. */
  readonly members: number
  /** Discovery domains of organizations. */
  readonly discoveryDomains: number
  /** Deleted sessions and refresh tokens. */
  readonly sessions: number
  /** Counts of token quotas. */
  readonly counts: number
}

export type LagName = keyof Lag

const NONE: Lag = { search: 0, members: 0, discoveryDomains: 0, sessions: 0, counts: 0 }
/** Name of the collection that counts token quotas. */
export const QUOTA_COUNTS = 'sandbox/token-quota'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Tables whose reads each lag concerns. */
const TABLES: Readonly<Record<Exclude<LagName, 'counts'>, readonly (keyof Tables)[]>> = {
  search: ['users', 'organizations'],
  members: ['members'],
  discoveryDomains: ['discoveryDomains'],
  sessions: ['sessions', 'refreshTokens'],
}

/**
 * Reads the `lag` of a sandbox.
 * @param given milliseconds, or a number with `ms`, `s`, `m` or `h`, under the name of what is late
 * @throws TypeError for a name or a duration that is unknown
 */
export function readLag(given: Readonly<Partial<Record<string, number | string>>> = {}): Lag {
  const read: Record<LagName, number> = { ...NONE }
  for (const [name, value] of Object.entries(given)) {
    if (!(name in NONE))
      throw new TypeError(`lag has no '${name}'. What can be late is ${Object.keys(NONE).join(', ')}.`)
    read[name as LagName] = value === undefined ? 0 : milliseconds(name, value)
  }
  return read
}

function milliseconds(name: string, value: number | string): number {
  const [, count, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(String(value)) ?? []
  if (count === undefined)
    throw new TypeError(`lag.${name} is '${value}'. Give milliseconds, or a number with ms, s, m or h, as in '2s'.`)
  return Number(count) * (UNITS[unit] ?? 1)
}

/** Lets the tables that are read late remember what they held before. */
export function keepHistories(tables: Tables, lag: Lag, now: () => number): void {
  for (const [name, late] of Object.entries(TABLES)) {
    const kept = lag[name as LagName]
    if (kept === 0) continue
    for (const table of late) (tables[table] as Tables['users']).keepHistory(kept, now)
  }
  if (lag.counts > 0) collection(tables, QUOTA_COUNTS).keepHistory(lag.counts, now)
}
