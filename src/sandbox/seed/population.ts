import type { Json, JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { collection, QUOTA_COUNTS } from '../tenant/index.ts'
import type { SandboxSeed } from '../types.ts'
import { CITIES, type City, DEVICES, FAMILY_NAMES, GIVEN_NAMES, ORGANIZATIONS, PROGRAMS } from './words.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const HEX = '0123456789abcdef'
/** Share of a day's sign-ins that fall into each hour, by the clock of the person. */
const HOURS = [1, 1, 1, 1, 1, 2, 4, 8, 14, 16, 13, 11, 9, 10, 11, 11, 10, 9, 7, 6, 6, 5, 3, 2]
/** Sign-ins of a weekday against those of a working day; Sunday first. */
const WEEKDAYS = [0.35, 1, 1.05, 1, 0.95, 0.85, 0.4]

interface Person {
  readonly user_id: string
  readonly name: string
  readonly email: string
  readonly city: City
  readonly device: string
  readonly ip: string
  readonly client: { readonly client_id: string; readonly name: string }
  /** Sign-ins on a working day. */
  readonly habit: number
  readonly mfa: boolean
}

interface Event extends JsonObject {
  readonly type: string
}

/**
 * Fills a tenant with people, organizations, applications and a month of logs with the shape of a working week: failed
 * logins, second factors, machine tokens and one attack.
 *
 * @param users how many people are added to the seeded ones
 * @param days how many days of logs end now
 */
export function populate(core: Core, seed: SandboxSeed, users: number, days: number): void {
  const applications = addApplications(core, seed)
  const organizations = addOrganizations(core, seed)
  const people = Array.from({ length: users }, (_, index) => addPerson(core, seed, index, days, applications))
  joinOrganizations(core, seed, people, organizations)
  if (days > 0) writeLogs(core, seed, people, days)
}

function pickOne<T>(core: Core, from: readonly T[]): T {
  return from[core.random.integer(from.length)] as T
}

function chance(core: Core, share: number): boolean {
  return core.random.integer(10_000) < share * 10_000
}

function addApplications(core: Core, seed: SandboxSeed): readonly Person['client'][] {
  const template = core.tables.clients.get(seed.clients[0]?.client_id ?? '') as JsonObject | undefined
  return PROGRAMS.map(({ app_type, name, quota }) => {
    const client_id = core.random.text(32)
    const record: JsonObject = {
      ...template,
      name,
      app_type,
      client_id,
      client_secret: core.random.text(64),
      grant_types: app_type === 'non_interactive' ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
      ...(quota === undefined ? {} : { token_quota: { client_credentials: { enforce: true, ...quota } } }),
    }
    core.tables.clients.set(client_id, record)
    if (quota !== undefined) useQuota(core, client_id, quota)
    return { client_id, name }
  })
}

/** A part of each quota is used up already. */
function useQuota(core: Core, client: string, quota: { readonly per_day: number; readonly per_hour: number }): void {
  const counts = collection(core.tables, QUOTA_COUNTS)
  const now = core.clock.now()
  for (const [bucket, length] of [['per_hour', HOUR] as const, ['per_day', DAY] as const]) {
    const start = Math.floor(now / length) * length
    const used = Math.floor(quota[bucket] * (0.3 + core.random.integer(50) / 100))
    counts.set(`client ${client} ${bucket}`, { start, used })
  }
}

function addOrganizations(core: Core, seed: SandboxSeed): readonly string[] {
  const now = new Date(core.clock.now()).toISOString()
  const made = ORGANIZATIONS.map((display_name) => {
    const id = `org_${core.random.text(16)}`
    const name = display_name.toLowerCase().replaceAll(' ', '-')
    core.tables.organizations.set(id, { id, name, display_name, created_at: now, updated_at: now })
    return id
  })
  return [...seed.organizations.map(({ id }) => id), ...made]
}

function addPerson(
  core: Core,
  seed: SandboxSeed,
  index: number,
  days: number,
  applications: readonly Person['client'][],
): Person {
  const given_name = pickOne(core, GIVEN_NAMES)
  const family_name = pickOne(core, FAMILY_NAMES)
  const name = `${given_name} ${family_name}`
  const email = `${given_name}.${family_name}.${index}@example.com`.toLowerCase()
  const id = core.random.text(24, HEX)
  const user_id = `auth0|${id}`
  const now = core.clock.now()
  const created = new Date(now - core.random.integer(Math.max(days, 1) * 4 * DAY)).toISOString()
  const mfa = chance(core, 0.35)
  const identity = { connection: seed.connection.name, provider: 'auth0', user_id: id, isSocial: false }
  core.tables.users.set(user_id, {
    user_id,
    email,
    email_verified: chance(core, 0.9),
    name,
    given_name,
    family_name,
    nickname: given_name.toLowerCase(),
    picture: `https://www.example.com/pictures/${id}.png`,
    identities: [identity],
    created_at: created,
    updated_at: created,
    user_metadata: { theme: pickOne(core, ['light', 'dark']) },
    app_metadata: { plan: pickOne(core, ['free', 'free', 'team', 'business']) },
    ...(chance(core, 0.01) ? { blocked: true } : {}),
    $password: `Lab-${core.random.text(12)}-7!`,
  })
  const roles = seed.roles.filter(() => chance(core, 0.3)).map((role) => role.id)
  core.tables.userRoles.set(user_id, { roles })
  if (mfa) enrol(core, user_id, email, created)
  const city = pickOne(core, CITIES)
  return {
    user_id,
    name,
    email,
    city,
    device: pickOne(core, DEVICES),
    ip: `${city.network}.${core.random.integer(254) + 1}`,
    client: pickOne(core, applications.slice(0, 3)),
    habit: chance(core, 0.25) ? 1.2 : 0.3,
    mfa,
  }
}

function enrol(core: Core, user_id: string, email: string, created_at: string): void {
  const dev = `dev_${core.random.text(16)}`
  const app = chance(core, 0.6)
  const phone = `+1500555${core.random.digits(4)}`
  const record: JsonObject = app
    ? {
        id: `totp|${dev}`,
        authenticator_type: 'otp',
        $secret: core.random.text(32, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
      }
    : {
        id: `sms|${dev}`,
        authenticator_type: 'oob',
        oob_channel: 'sms',
        name: `XXXXXXXX${phone.slice(-4)}`,
        phone_number: phone,
      }
  core.tables.authenticators.set(String(record['id']), { ...record, user_id, active: true, created_at, email })
}

function joinOrganizations(
  core: Core,
  seed: SandboxSeed,
  people: readonly Person[],
  organizations: readonly string[],
): void {
  for (const { user_id } of people) {
    if (!chance(core, 0.6)) continue
    const organization_id = pickOne(core, organizations)
    const roles = seed.roles.filter(() => chance(core, 0.2)).map((role) => role.id)
    core.tables.members.set(`${organization_id} ${user_id}`, { organization_id, user_id, roles })
  }
}

/** Events are gathered first and written in the order of time, as a log is. */
function writeLogs(core: Core, seed: SandboxSeed, people: readonly Person[], days: number): void {
  const now = core.clock.now()
  const start = now - days * DAY
  const events: { readonly at: number; readonly event: Event }[] = []
  const add = (at: number, event: Event): void => {
    if (at >= start && at < now) events.push({ at, event })
  }
  for (let day = 0; day <= days; day += 1) {
    const midnight = Math.floor((start + day * DAY) / DAY) * DAY
    const weight = WEEKDAYS[new Date(midnight).getUTCDay()] ?? 1
    for (const person of people)
      if (chance(core, Math.min(0.95, person.habit * weight))) addSignIn(core, seed, person, midnight, add)
    addMachines(core, midnight, add)
  }
  addAttack(core, seed, people, now - Math.min(4, days) * DAY + 3 * HOUR, add)
  events.sort((a, b) => a.at - b.at)
  const last = new Map<string, number>()
  const count = new Map<string, number>()
  for (const { at, event } of events) {
    core.logAt(at, event)
    const user = event['user_id']
    if (event.type !== 's' || typeof user !== 'string') continue
    last.set(user, at)
    count.set(user, (count.get(user) ?? 0) + 1)
  }
  for (const person of people) {
    const at = last.get(person.user_id)
    const user = core.tables.users.get(person.user_id)
    if (at === undefined || user === undefined) continue
    core.tables.users.set(person.user_id, {
      ...user,
      last_login: new Date(at).toISOString(),
      last_ip: person.ip,
      logins_count: count.get(person.user_id) ?? 0,
    })
  }
}

type Add = (at: number, event: Event) => void

/** A time of day by the habits of a city. */
function timeOf(core: Core, midnight: number, city: City): number {
  let left = core.random.integer(HOURS.reduce((sum, share) => sum + share, 0))
  const hour = HOURS.findIndex((share) => {
    left -= share
    return left < 0
  })
  return midnight + (hour - city.offset) * HOUR + core.random.integer(HOUR)
}

function common(seed: SandboxSeed, person: Person): JsonObject {
  return {
    connection: seed.connection.name,
    connection_id: seed.connection.id,
    client_id: person.client.client_id,
    client_name: person.client.name,
    ip: person.ip,
    user_agent: person.device,
    strategy: 'auth0',
    strategy_type: 'database',
    location_info: placeOf(person.city),
  }
}

function placeOf({ city, code, country, latitude, longitude, zone }: City): JsonObject {
  return { country_code: code, country_name: country, city_name: city, latitude, longitude, time_zone: zone }
}

function addSignIn(core: Core, seed: SandboxSeed, person: Person, midnight: number, add: Add): void {
  const at = timeOf(core, midnight, person.city)
  const shared = common(seed, person)
  const who = { user_id: person.user_id, user_name: person.email }
  if (chance(core, 0.06)) add(at - 20_000, { ...shared, ...who, type: 'fp', description: 'Wrong email or password.' })
  if (person.mfa) {
    const right = !chance(core, 0.04)
    add(at - 5000, {
      ...shared,
      ...who,
      type: right ? 'gd_auth_succeed' : 'gd_auth_failed',
      description: right ? 'Second factor passed' : 'Second factor failed',
    })
    if (!right) return
  }
  add(at, { ...shared, ...who, type: 's', description: 'Successful login' })
  add(at + 900, { ...shared, ...who, type: 'seacft', description: 'Authorization code for access token' })
  if (chance(core, 0.2)) add(at + HOUR, { ...shared, ...who, type: 'slo', description: 'User successfully logged out' })
}

/** Jobs that fetch tokens on the hour. */
function addMachines(core: Core, midnight: number, add: Add): void {
  const jobs = [...core.tables.clients.values()].filter((client) => client.app_type === 'non_interactive')
  for (const client of jobs)
    for (let hour = 0; hour < 24; hour += 4)
      add(midnight + hour * HOUR + core.random.integer(60_000), {
        type: 'seccft',
        description: 'Client credentials for access token',
        client_id: client.client_id,
        client_name: client.name,
        ip: '198.51.100.20',
      })
}

/** One night somebody tries passwords from one address until the tenant stops it. */
function addAttack(core: Core, seed: SandboxSeed, people: readonly Person[], from: number, add: Add): void {
  const ip = '203.0.113.66'
  const location_info = placeOf({
    city: 'Unknown',
    code: 'ZZ',
    country: 'Unknown',
    latitude: 0,
    longitude: 0,
    zone: 'Etc/UTC',
    offset: 0,
    network: '',
  })
  const shared = { connection: seed.connection.name, ip, user_agent: 'python-requests/2.32', location_info }
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const person = people[core.random.integer(Math.max(people.length, 1))]
    const known = person !== undefined && chance(core, 0.4)
    const user: Record<string, Json> = known
      ? { user_id: person.user_id, user_name: person.email }
      : { user_name: `guess${attempt}@example.net` }
    add(from + attempt * 7000, {
      ...shared,
      ...user,
      type: known ? 'fp' : 'fu',
      description: known ? 'Wrong email or password.' : 'Invalid username or password.',
    })
    if (attempt % 60 === 59)
      add(from + attempt * 7000 + 50, {
        ...shared,
        type: 'limit_mu',
        description: 'An IP address is blocked: too many failed logins',
      })
  }
  add(from + 240 * 7000, {
    ...shared,
    type: 'pwd_leak',
    description: 'A login with a password that was leaked elsewhere was stopped',
  })
}
