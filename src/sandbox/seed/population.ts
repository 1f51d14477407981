import type { JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { collection, createRandom, QUOTA_COUNTS } from '../tenant/index.ts'
import type { SandboxSeed } from '../types.ts'
import { makeLogs } from './month.ts'
import { type Application, DAY, type Draw, HOUR, makePeople } from './people.ts'
import { ORGANIZATIONS, PROGRAMS } from './words.ts'

/** People, and days of people, from which a tenant is filled at once: a first request must not wait for seconds. */
const MANY = 5000
const MANY_DAYS = 50_000

/**
 * Fills a tenant with people, organizations, applications and a month of logs with the shape of a working week: failed
 * logins, second factors, machine tokens and one attack. People and logs are made when something first reads them, since
 * many a notebook and test never does.
 *
 * @param users how many people are added to the seeded ones
 * @param days how many days of logs end now
 * @returns what lets them wait again, for a tenant that goes back to its start
 */
export function populate(core: Core, seed: SandboxSeed, users: number, days: number): () => void {
  // Random numbers of its own: what the tenant makes later is the same, whether its people were drawn before or not.
  const draw: Draw = { random: copyOf(core), now: core.clock.now(), seed, days }
  const applications = addApplications(core, draw)
  const organizations = addOrganizations(core, draw)
  const machines = [...core.tables.clients.values()].filter((client) => client.app_type === 'non_interactive')
  const state = draw.random.state()
  const wait = (): void => {
    const drawn = once(() => {
      draw.random.restore(state)
      const people = makePeople(draw, users, applications, organizations)
      return { ...people, logs: days > 0 ? makeLogs(draw, people, machines, core.domain) : [] }
    })
    core.tables.users.later(() => drawn().users)
    core.tables.userRoles.later(() => drawn().userRoles)
    core.tables.authenticators.later(() => drawn().authenticators)
    core.tables.members.later(() => drawn().members)
    core.tables.logs.later(() => drawn().logs)
  }
  wait()
  if (users > MANY || users * days > MANY_DAYS)
    for (const name of ['users', 'userRoles', 'authenticators', 'members', 'logs'] as const) core.tables[name].keys()
  return wait
}

function copyOf(core: Core): Draw['random'] {
  const random = createRandom(0)
  random.restore(core.random.state())
  // Another sequence than the tenant's own.
  return createRandom(random.text(32))
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function addApplications(core: Core, { now, random, seed }: Draw): readonly Application[] {
  const template = core.tables.clients.get(seed.clients[0]?.client_id ?? '') as JsonObject | undefined
  return PROGRAMS.map(({ app_type, name, quota }) => {
    const client_id = random.text(32)
    const record: JsonObject = {
      ...template,
      name,
      app_type,
      client_id,
      client_secret: random.text(64),
      grant_types: app_type === 'non_interactive' ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
      ...(quota === undefined ? {} : { token_quota: { client_credentials: { enforce: true, ...quota } } }),
    }
    core.tables.clients.set(client_id, record)
    if (quota !== undefined) useQuota(core, client_id, quota, { now, random })
    return { client_id, name }
  })
}

/** A part of each quota is used up already. */
function useQuota(
  core: Core,
  client: string,
  quota: { readonly per_day: number; readonly per_hour: number },
  { now, random }: Pick<Draw, 'now' | 'random'>,
): void {
  const counts = collection(core.tables, QUOTA_COUNTS)
  for (const [bucket, length] of [['per_hour', HOUR] as const, ['per_day', DAY] as const]) {
    const start = Math.floor(now / length) * length
    const used = Math.floor(quota[bucket] * (0.3 + random.integer(50) / 100))
    counts.set(`client ${client} ${bucket}`, { start, used })
  }
}

function addOrganizations(core: Core, draw: Draw): readonly string[] {
  const now = new Date(draw.now).toISOString()
  const made = ORGANIZATIONS.map((display_name) => {
    const id = `org_${draw.random.text(16)}`
    const name = display_name.toLowerCase().replaceAll(' ', '-')
    core.tables.organizations.set(id, { id, name, display_name, created_at: now, updated_at: now })
    return id
  })
  return [...draw.seed.organizations.map(({ id }) => id), ...made]
}
