import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Auth0Grammar } from '../../src/grammar/index.ts'

const types = readFileSync(join(import.meta.dirname, '../../src/catalogue/generated/types.ts'), 'utf8')

function membersOf(name: string): string {
  const found = new RegExp(`^export interface ${name}(?: extends \\w+)? \\{\\n([^]*?)\\n\\}`, 'm').exec(types)?.[1]
  if (found === undefined) throw new Error(`generated/types.ts declares no interface ${name}.`)
  return found
}

describe('C17 what an answer always has', () => {
  it.each([
    ['NetworkAcl', 'id'],
    ['Client', 'client_id'],
    ['User', 'user_id'],
    ['UserIdentity', 'user_id'],
    ['UserIdentity', 'provider'],
    ['Organization', 'id'],
    ['Role', 'id'],
    ['Connection', 'id'],
    ['Connection', 'strategy'],
    ['Action', 'id'],
    ['ActionVersion', 'id'],
    ['Hook', 'id'],
    ['LogEvent', 'log_id'],
    ['UserSession', 'id'],
    ['OrganizationMember', 'user_id'],
    ['OrganizationInvitation', 'id'],
    ['DeviceCredential', 'id'],
    ['ClientCredential', 'id'],
    ['ResourceServer', 'id'],
    ['Ticket', 'ticket'],
  ])('%s has %s', (type, member) => {
    expect(membersOf(type)).toMatch(new RegExp(`^ {2}${member}: `, 'm'))
  })

  it('leaves requests as they are', () => {
    expect(membersOf('UpdateUser')).not.toMatch(/^ {2}\w+: /m)
    expect(membersOf('UpdateClient')).not.toMatch(/^ {2}\w+: /m)
  })

  it('so that every answer leads on: this compiles under strict', () => {
    const leads = async (auth0: Auth0Grammar) => {
      const acl = await auth0.networkAcls.list().first().run()
      if (acl !== undefined) auth0.networkAcls(acl.id).get()
      const client = await auth0.clients.create({ name: 'c' }).run()
      const credential = await auth0
        .clients(client.client_id)
        .credentials.create({ credential_type: 'public_key', pem: 'x' })
        .run()
      auth0.clients(client.client_id).credentials(credential.id).get()
      const user = await auth0.users('u').get().run()
      const [identity] = user.identities ?? []
      if (identity !== undefined)
        auth0.users(user.user_id).identities(identity.provider, String(identity.user_id)).delete()
      for await (const member of auth0.organizations('o').members.list()) auth0.users(member.user_id).get()
      for await (const role of auth0.users('u').roles.list()) auth0.roles(role.id).permissions.list()
      for await (const action of auth0.actions.list()) auth0.actions(action.id).deploy()
      for await (const log of auth0.logs.list()) auth0.logs(log.log_id).get()
      const made = await auth0.organizations.create({ name: 'org' }).run()
      const invitation = await auth0
        .organizations(made.id)
        .invitations.create({
          inviter: { name: 'A' },
          invitee: { email: 'a@example.com' },
          client_id: client.client_id,
        })
        .run()
      auth0.organizations(made.id).invitations(invitation.id).delete()
      return auth0.connections((await auth0.connections.create({ name: 'n', strategy: 'auth0' }).run()).id).get()
    }
    expect(leads).toBeTypeOf('function')
  })
})
