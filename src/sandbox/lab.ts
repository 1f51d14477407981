import { hideQuery, isJsonObject, type Json, redactText } from '../plan/index.ts'
import type { OutboxMessage } from './contract.ts'
import type { Core } from './core.ts'
import { addGivenUsers } from './given-users.ts'
import { isLoopback } from './http/index.ts'
import { seedManagement } from './management/index.ts'
import { createOutbox, rememberingAnswer } from './outbox.ts'
import { hiddenWhenInspected, hiddenWhenPrinted } from './printing.ts'
import { loadExport, populate, readOrigin, seedEmpty, seedTenant } from './seed/index.ts'
import { createEvents } from './streams/index.ts'
import {
  createClock,
  createLog,
  createRandom,
  createSigningKeys,
  createTables,
  dumpTables,
  fillTables,
  hostOf,
  isTablesData,
  keepHistories,
  readLag,
  verifiedDomains,
} from './tenant/index.ts'
import type { SandboxOptions, SandboxOutbox, SandboxSeed, SandboxSnapshot } from './types.ts'

/** Where a fixed clock stands at first: a working day, nine in the morning UTC. */
export const FIXED_START = Date.UTC(2026, 10, 2, 9)

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** A tenant without its sockets: state, seed data and outbox, with the way to save and restore them. */
export interface Lab {
  readonly core: Core
  readonly seed: SandboxSeed
  readonly outbox: SandboxOutbox
  /** What an export named and the tenant could not take, one sentence each. */
  readonly skipped: readonly string[]
  snapshot(): SandboxSnapshot
  reset(snapshot?: SandboxSnapshot): void
}

/** Makes a tenant and fills it with its seed data. */
export function createTenant(options: SandboxOptions): Lab {
  const seeded = options.seed !== undefined
  const clock = createClock(startOf(options.clock))
  const random = createRandom(options.seed)
  const tables = createTables()
  const lag = readLag(options.lag as Readonly<Record<string, number | string>> | undefined)
  const outbox = createOutbox()
  // A name of its own for each unseeded tenant: clients share tokens and rate limits of one domain within a process.
  const drawn = seeded ? 'demo' : `demo-${random.text(6, LETTERS)}`
  const origin = typeof options.from === 'string' ? readOrigin(options.from) : undefined
  const base =
    typeof options.from === 'object' ? options.from : origin?.kind === 'snapshot' ? origin.snapshot : undefined
  const exported = origin?.kind === 'export' ? origin.exported : undefined
  const skipped: string[] = []
  const asked = options.domain ?? (typeof base?.domain === 'string' ? base.domain : undefined)
  const domain = asked === undefined ? `${drawn}.tenantlab.local` : checkedDomain(asked)
  if (base !== undefined) checkFits(base, options, domain)
  const name = domain.split('.')[0] ?? drawn
  const reach = {
    byAddress: options.host !== undefined && !isLoopback(options.host),
    names: (options.hostNames ?? []).map((each) => each.toLowerCase()),
  }
  const writeLog = createLog(name, tables, random)
  const events = createEvents(name, tables, clock)
  const given = {
    ...(options.clientId === undefined ? {} : { clientId: textOf('clientId', options.clientId) }),
    ...(options.clientSecret === undefined ? {} : { clientSecret: textOf('clientSecret', options.clientSecret) }),
  }
  const core: Core = {
    domain,
    clock,
    random,
    tables,
    lag,
    refusesUnknown: options.unknown === 'refuse',
    signingKeys: createSigningKeys(() => tables.signingKeys),
    hostOf: (authority) => hostOf(authority, domain, tables, reach),
    signsInByLoginHint: options.signInByLoginHint === true,
    defaultDomain() {
      const chosen = [...tables.customDomains.values()].find((each) => each.is_default === true)
      return typeof chosen?.domain === 'string'
        ? chosen.domain
        : options.defaultDomain === undefined
          ? domain
          : options.defaultDomain
    },
    deliver(message) {
      const raw = rememberingAnswer({ id: `msg_${random.text(16)}`, at: clock.now(), ...message })
      const delivered = hiddenWhenPrinted(raw, shownMessage)
      outbox.add(delivered)
      return delivered
    },
    events,
    log: (event) => writeLog(clock.now(), event),
  }
  let waitAgain: (() => void) | undefined
  const made = events.quietly(() => {
    const empty = options.empty ?? exported !== undefined
    const seeded = empty ? seedEmpty(core, given) : seedTenant(core, given)
    seedManagement(core)
    if (exported !== undefined) skipped.push(...loadExport(core, seeded, exported))
    const count = typeof options.users === 'object' ? 0 : options.users
    if ((count ?? 0) > 0 || (options.days ?? 0) > 0)
      waitAgain = populate(core, seeded, wholeNumber('users', count), wholeNumber('days', options.days))
    if (typeof options.users === 'object') addGivenUsers(core, seeded, options.users)
    return seeded
  })
  // A snapshot brings what its sandbox was seeded with; its ids and credentials are those of the records that come back.
  const seed = base?.seed === undefined ? made : (structuredClone(base.seed) as unknown as SandboxSeed)
  if (
    typeof options.defaultDomain === 'string' &&
    ![domain, ...verifiedDomains(tables)].includes(options.defaultDomain)
  ) {
    const domains = [domain, ...verifiedDomains(tables)].join(', ')
    throw new TypeError(
      `defaultDomain ${options.defaultDomain} is no domain of this tenant. Use one of ${domains}, or null.`,
    )
  }
  hiddenWhenPrinted(seed, (each) => each)
  for (const user of seed.users) hiddenWhenPrinted(user, (each) => each)
  for (const client of seed.clients) hiddenWhenPrinted(client, (each) => each)

  // From here on: what a tenant starts with has long been indexed.
  keepHistories(tables, lag, clock.now)
  if (base) restore(base)
  // People and logs that wait for their first reader are not made for it: they wait again after a reset.
  const start = { version: 1, domain, ...contentOf(true) } as SandboxSnapshot
  function restore(snapshot: SandboxSnapshot): void {
    const { now, random: numbers, tables: saved } = snapshot
    const isWhole = Number.isFinite(now) && Array.isArray(numbers) && isTablesData(saved)
    if (snapshot.version !== 1 || !isWhole || (snapshot.domain !== undefined && snapshot.domain !== domain))
      throw new TypeError('This is not a snapshot of this sandbox. Give reset() what snapshot() returned, or nothing.')
    events.quietly(() => fillTables(tables, saved))
    // What a snapshot holds has long been indexed as well.
    keepHistories(tables, lag, clock.now)
    random.restore(numbers as readonly number[])
    clock.restore(now)
    outbox.view.clear()
  }
  function contentOf(storedOnly: boolean): Pick<SandboxSnapshot, 'now' | 'random' | 'tables'> {
    return { now: clock.now(), random: random.state() as Json, tables: dumpTables(tables, storedOnly) as Json }
  }
  function takeSnapshot(): SandboxSnapshot {
    const data = { version: 1, domain, seed: structuredClone(seed) as unknown as Json, ...contentOf(false) }
    const count = tables.users.size
    return hiddenWhenInspected(data as SandboxSnapshot, ({ now, version }) => ({ version, now, users: count }))
  }
  return {
    core,
    seed,
    outbox: outbox.view,
    skipped,
    snapshot: takeSnapshot,
    reset(snapshot) {
      restore(snapshot ?? start)
      if (snapshot === undefined && base === undefined) waitAgain?.()
    },
  }
}

/** Refuses what would name another tenant than the one that is saved. */
function checkFits(base: SandboxSnapshot, options: SandboxOptions, domain: string): void {
  const refuse = (name: string, asked: unknown, saved: string): never => {
    const shown = name === 'clientSecret' ? 'another one' : `${String(asked)}, not ${saved}`
    throw new TypeError(`sandbox(): the saved state has ${shown} as "${name}". Leave it out, or begin a new tenant.`)
  }
  if (typeof base.domain === 'string' && base.domain !== domain) refuse('domain', base.domain, domain)
  const saved = isJsonObject(base.seed) && Array.isArray(base.seed.clients) ? base.seed.clients[0] : undefined
  if (!isJsonObject(saved)) return
  const { clientId, clientSecret } = options
  if (clientId !== undefined && clientId !== saved.client_id) refuse('clientId', saved.client_id, clientId)
  if (clientSecret !== undefined && clientSecret !== saved.client_secret) refuse('clientSecret', '', '')
}

/** A host name as it stands in URLs. */
function checkedDomain(domain: unknown): string {
  if (typeof domain === 'string' && /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/.test(domain)) return domain
  throw new TypeError('sandbox(): "domain" must be a host name in small letters, such as demo.eu.auth0.com.')
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value
  throw new TypeError(`sandbox(): "${name}" must be a text without blanks.`)
}

function wholeNumber(name: string, value = 0): number {
  if (Number.isInteger(value) && value >= 0 && value <= 1_000_000) return value
  throw new TypeError(`sandbox(): "${name}" must be a whole number from 0 to a million, not ${String(value)}.`)
}

/** Where a clock that stands still begins, in epoch milliseconds; `undefined` for the real one. */
function startOf(clock: SandboxOptions['clock'] = 'real'): number | undefined {
  if (clock === 'real') return undefined
  if (clock === 'fixed') return FIXED_START
  const start = clock instanceof Date ? clock.getTime() : Number.NaN
  if (Number.isNaN(start))
    throw new TypeError("sandbox(): \"clock\" must be 'real', 'fixed' or a valid Date. Leave it out for the real time.")
  return start
}

/** A message as it prints: its code and the query of its link are secrets, read them from `.code` and `.url`. */
function shownMessage({ at, code, id, kind, subject, text, to, url }: OutboxMessage): object {
  const safe = redactText(text, [code ?? '', url ?? ''])
  const link = url === undefined ? {} : { url: hideQuery(url) }
  return { id, kind, to, at: new Date(at).toISOString(), ...(subject ? { subject } : {}), text: safe, ...link }
}
