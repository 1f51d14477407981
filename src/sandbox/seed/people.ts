import type { JsonObject } from '../../plan/index.ts'
import type { StatefulRandom } from '../tenant/index.ts'
import type { SandboxSeed } from '../types.ts'
import { CITIES, type City, DEVICES, FAMILY_NAMES, GIVEN_NAMES } from './words.ts'

export const DAY = 86_400_000
export const HOUR = 3_600_000
const HEX = '0123456789abcdef'

/** What a population is drawn from. */
export interface Draw {
  readonly random: StatefulRandom
  /** When the tenant began, in epoch milliseconds: logs end there. */
  readonly now: number
  readonly seed: SandboxSeed
  readonly days: number
}

export interface Application {
  readonly client_id: string
  readonly name: string
}

/** A person with the habits that the logs follow. */
export interface Person {
  readonly user_id: string
  readonly email: string
  readonly city: City
  readonly device: string
  readonly ip: string
  readonly client: Application
  /** Sign-ins on a working day. */
  readonly habit: number
  readonly mfa: boolean
}

/** People as records of the tables that know them. */
export interface People {
  readonly people: readonly Person[]
  readonly users: Map<string, JsonObject>
  readonly userRoles: Map<string, JsonObject>
  readonly authenticators: Map<string, JsonObject>
  readonly members: Map<string, JsonObject>
}

export function pickOne<T>({ random }: Draw, from: readonly T[]): T {
  return from[random.integer(from.length)] as T
}

export function chance({ random }: Draw, share: number): boolean {
  return random.integer(10_000) < share * 10_000
}

/** Makes people with their roles, second factors and organizations. */
export function makePeople(
  draw: Draw,
  count: number,
  applications: readonly Application[],
  organizations: readonly string[],
): People {
  const made = { users: new Map(), userRoles: new Map(), authenticators: new Map(), members: new Map() }
  const people = Array.from({ length: count }, (_, index) => makePerson(draw, made, index, applications))
  joinOrganizations(draw, made, people, organizations)
  return { ...made, people }
}

function makePerson(
  draw: Draw,
  made: Omit<People, 'people'>,
  index: number,
  applications: readonly Application[],
): Person {
  const { days, now, random, seed } = draw
  const given_name = pickOne(draw, GIVEN_NAMES)
  const family_name = pickOne(draw, FAMILY_NAMES)
  const name = `${given_name} ${family_name}`
  const email = `${given_name}.${family_name}.${index}@example.com`.toLowerCase()
  const id = random.text(24, HEX)
  const user_id = `auth0|${id}`
  const created = new Date(now - random.integer(Math.max(days, 1) * 4 * DAY)).toISOString()
  const mfa = chance(draw, 0.35)
  const identity = { connection: seed.connection.name, provider: 'auth0', user_id: id, isSocial: false }
  made.users.set(user_id, {
    user_id,
    email,
    email_verified: chance(draw, 0.9),
    name,
    given_name,
    family_name,
    nickname: given_name.toLowerCase(),
    picture: `https://www.example.com/pictures/${id}.png`,
    identities: [identity],
    created_at: created,
    updated_at: created,
    user_metadata: { theme: pickOne(draw, ['light', 'dark']) },
    app_metadata: { plan: pickOne(draw, ['free', 'free', 'team', 'business']) },
    ...(chance(draw, 0.01) ? { blocked: true } : {}),
    $password: `Lab-${random.text(12)}-7!`,
  })
  const roles = seed.roles.filter(() => chance(draw, 0.3)).map((role) => role.id)
  made.userRoles.set(user_id, { roles })
  if (mfa) enrol(draw, made, user_id, email, created)
  const city = pickOne(draw, CITIES)
  return {
    user_id,
    email,
    city,
    device: pickOne(draw, DEVICES),
    ip: `${city.network}.${random.integer(254) + 1}`,
    client: pickOne(draw, applications.slice(0, 3)),
    habit: chance(draw, 0.25) ? 1.2 : 0.3,
    mfa,
  }
}

function enrol(draw: Draw, made: Omit<People, 'people'>, user_id: string, email: string, created_at: string): void {
  const { random } = draw
  const dev = `dev_${random.text(16)}`
  const app = chance(draw, 0.6)
  const phone = `+1500555${random.digits(4)}`
  const record: JsonObject = app
    ? {
        id: `totp|${dev}`,
        authenticator_type: 'otp',
        $secret: random.text(32, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
      }
    : {
        id: `sms|${dev}`,
        authenticator_type: 'oob',
        oob_channel: 'sms',
        name: `XXXXXXXX${phone.slice(-4)}`,
        phone_number: phone,
      }
  made.authenticators.set(String(record['id']), { ...record, user_id, active: true, created_at, email })
}

function joinOrganizations(
  draw: Draw,
  made: Omit<People, 'people'>,
  people: readonly Person[],
  organizations: readonly string[],
): void {
  for (const { user_id } of people) {
    if (!chance(draw, 0.6)) continue
    const organization_id = pickOne(draw, organizations)
    const roles = draw.seed.roles.filter(() => chance(draw, 0.2)).map((role) => role.id)
    made.members.set(`${organization_id} ${user_id}`, { organization_id, user_id, roles })
  }
}
