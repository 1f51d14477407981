import type { JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import type { SandboxUser } from '../types.ts'

const HEX = '0123456789abcdef'

/** The seeded users: the first must pass MFA and has nothing enrolled, the second has no MFA. */
export function seedUsers(core: Core, connection: string): readonly SandboxUser[] {
  return [
    { nickname: 'user-one', name: 'User One', phone_number: '+15005550001', mfa: true },
    { nickname: 'user-two', name: 'User Two', phone_number: '+15005550002', mfa: false },
  ].map(({ mfa, name, nickname, phone_number }) => {
    const id = core.random.text(24, HEX)
    const user_id = `auth0|${id}`
    const email = `${nickname}@example.com`
    const password = `Lab-${core.random.text(12)}-7!`
    const now = new Date(core.clock.now()).toISOString()
    const user: JsonObject = {
      user_id,
      email,
      // A verified address would already count as an e-mail authenticator of the user who has nothing enrolled.
      email_verified: !mfa,
      name,
      nickname,
      picture: `https://www.example.com/pictures/${nickname}.png`,
      identities: [{ connection, provider: 'auth0', user_id: id, isSocial: false }],
      created_at: now,
      updated_at: now,
      user_metadata: {},
      app_metadata: {},
      $password: password,
      $mfa: mfa,
    }
    core.tables.users.set(user_id, user)
    collection(core.tables, 'user-roles').set(user_id, { roles: [] })
    return { user_id, email, password, phone_number }
  })
}
