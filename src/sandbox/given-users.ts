import { isJsonObject, type JsonObject } from '../plan/index.ts'
import type { Core } from './core.ts'
import { addUser, breachOfUser } from './management/index.ts'
import type { SandboxSeed, SandboxUserOption } from './types.ts'

/**
 * The users that the caller brought, as if each had signed up.
 * @throws TypeError that names the user and what is wrong, for what `POST /users` would refuse; a password may be weak
 */
export function addGivenUsers(core: Core, seed: SandboxSeed, users: readonly SandboxUserOption[]): void {
  const connection = core.tables.connections.get(seed.connection.id)
  if (!connection) throw new Error('The seed of the sandbox has no connection; this is a defect of tenantlab.')
  const name = seed.connection.name
  for (const [index, given] of users.entries()) {
    const refuse = (what: string): never => {
      throw new TypeError(`sandbox(): "users"[${index}] ${what}`)
    }
    if (!isJsonObject(given)) return refuse('needs an email and a password.')
    const { mfa = false, password, ...rest } = given
    const profile = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as JsonObject
    const { email } = profile
    if (typeof email !== 'string' || typeof password !== 'string' || password === '')
      return refuse('needs an email and a password.')
    if (typeof mfa !== 'boolean') refuse('may have true or false for "mfa".')
    const breach = breachOfUser({ connection: name, ...profile })
    if (breach !== undefined) refuse(`is not a user of Auth0: ${breach}`)
    if ((profile.connection ?? name) !== name) refuse(`may be in ${name} only: leave "connection" out.`)
    if (core.tables.users.isTaken('identifier', `${name} email ${email.toLowerCase()}`))
      refuse(`has the address ${email}, which another user has already.`)
    const user = addUser(core, { connection, profile, password })
    core.tables.users.set(user.user_id, { ...user, $mfa: mfa })
  }
}
