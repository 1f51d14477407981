import type { Json, JsonObject } from '../../plan/index.ts'
import { type Client, logRecord, MOST_EVENTS } from '../tenant/index.ts'
import type { SandboxSeed } from '../types.ts'
import { chance, DAY, type Draw, HOUR, type People, type Person } from './people.ts'
import type { City } from './words.ts'

/** Share of a day's sign-ins that fall into each hour, by the clock of the person. */
const HOURS = [1, 1, 1, 1, 1, 2, 4, 8, 14, 16, 13, 11, 9, 10, 11, 11, 10, 9, 7, 6, 6, 5, 3, 2]
const ALL_HOURS = HOURS.reduce((sum, share) => sum + share, 0)
/** Sign-ins of a weekday against those of a working day; Sunday first. */
const WEEKDAYS = [0.35, 1, 1.05, 1, 0.95, 0.85, 0.4]

interface Event extends JsonObject {
  readonly type: string
}

/**
 * The events of the days that end now, in the order of time, as a log is. Those who signed in get the time and the count
 * of it.
 */
export function makeLogs(
  draw: Draw,
  { people, users }: People,
  machines: readonly Client[],
  domain: string,
): readonly (readonly [string, JsonObject])[] {
  const { days, now, random } = draw
  const start = now - days * DAY
  const events: { readonly at: number; readonly event: Event }[] = []
  const add = (at: number, event: Event): void => {
    if (at >= start && at < now) events.push({ at, event })
  }
  for (let day = 0; day <= days; day += 1) {
    const midnight = Math.floor((start + day * DAY) / DAY) * DAY
    const weight = WEEKDAYS[new Date(midnight).getUTCDay()] ?? 1
    for (const person of people)
      if (chance(draw, Math.min(0.95, person.habit * weight))) addSignIn(draw, person, midnight, add)
    addMachines(draw, machines, midnight, add)
  }
  addAttack(draw, people, now - Math.min(4, days) * DAY + 3 * HOUR, add)
  events.sort((a, b) => a.at - b.at)
  const last = new Map<string, number>()
  const count = new Map<string, number>()
  for (const { at, event } of events) {
    const user = event['user_id']
    if (event.type !== 's' || typeof user !== 'string') continue
    last.set(user, at)
    count.set(user, (count.get(user) ?? 0) + 1)
  }
  for (const person of people) {
    const at = last.get(person.user_id)
    const user = users.get(person.user_id)
    if (at === undefined || user === undefined) continue
    users.set(person.user_id, {
      ...user,
      last_login: new Date(at).toISOString(),
      last_ip: person.ip,
      logins_count: count.get(person.user_id) ?? 0,
    })
  }
  const tenantName = domain.split('.')[0] ?? domain
  return events.slice(-MOST_EVENTS).map(({ at, event }, index) => logRecord(tenantName, at, index + 1, random, event))
}

type Add = (at: number, event: Event) => void

/** A time of day by the habits of a city. */
function timeOf(draw: Draw, midnight: number, city: City): number {
  let left = draw.random.integer(ALL_HOURS)
  const hour = HOURS.findIndex((share) => {
    left -= share
    return left < 0
  })
  return midnight + (hour - city.offset) * HOUR + draw.random.integer(HOUR)
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

function addSignIn(draw: Draw, person: Person, midnight: number, add: Add): void {
  const at = timeOf(draw, midnight, person.city)
  const shared = common(draw.seed, person)
  const who = { user_id: person.user_id, user_name: person.email }
  if (chance(draw, 0.06)) add(at - 20_000, { ...shared, ...who, type: 'fp', description: 'Wrong email or password.' })
  if (person.mfa) {
    const right = !chance(draw, 0.04)
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
  if (chance(draw, 0.2)) add(at + HOUR, { ...shared, ...who, type: 'slo', description: 'User successfully logged out' })
}

/** Jobs that fetch tokens on the hour. */
function addMachines(draw: Draw, machines: readonly Client[], midnight: number, add: Add): void {
  for (const client of machines)
    for (let hour = 0; hour < 24; hour += 4)
      add(midnight + hour * HOUR + draw.random.integer(60_000), {
        type: 'seccft',
        description: 'Client credentials for access token',
        client_id: client.client_id,
        client_name: client.name,
        ip: '198.51.100.20',
      })
}

/** One night somebody tries passwords from one address until the tenant stops it. */
function addAttack(draw: Draw, people: readonly Person[], from: number, add: Add): void {
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
  const shared = { connection: draw.seed.connection.name, ip, user_agent: 'python-requests/2.32', location_info }
  for (let attempt = 0; attempt < 240; attempt += 1) {
    const person = people[draw.random.integer(Math.max(people.length, 1))]
    const known = person !== undefined && chance(draw, 0.4)
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
