import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/session/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: what is tried here is what the types forbid.
const auth0: any = connect({ domain: 'tenant.example.com', token: 'x' })

describe('C29 the words of other SDKs lead to the right ones', () => {
  it.each<[string, () => unknown, string]>([
    ['a verb of the group', () => auth0.clients.update('id', { name: 'x' }), 'write auth0.clients(id).update({…}).'],
    ['a read', () => auth0.networkAcls.get('id'), 'write auth0.networkAcls(id).get().'],
    ['an object of identifiers', () => auth0.users.get({ id: 'auth0|1' }), 'write auth0.users(id).get('],
    ['a delete', () => auth0.roles.delete('rol_1'), 'write auth0.roles(id).delete().'],
    ['a group below one', () => auth0.jobs.errors.get('id'), 'write auth0.jobs(id).errors.get().'],
    [
      'a create below one',
      () => auth0.organizations.invitations.create('org', { inviter: {} }),
      'write auth0.organizations(id).invitations.create({…}).',
    ],
    [
      'a verb two calls deep',
      () => auth0.organizations.members.roles.assign('org', 'user', { roles: [] }),
      'write auth0.organizations(id).members(user_id).roles.assign({…}).',
    ],
    ['a group called without what is before it', () => auth0.actions.versions('v'), 'write auth0.actions('],
    ['a verb of the group after a call', () => auth0.users('u').list({ q: 'x' }), 'write auth0.users.list({…}).'],
    ['a word', () => auth0.clients.quota('id', { perDay: 1 }), 'write auth0.clients(id).quota({…}).'],
    ['getAll', () => auth0.users.getAll(), 'write auth0.users.list().'],
    ['remove', () => auth0.organizations.remove('org_1'), 'write auth0.organizations(id).delete().'],
  ])('%s', (_, call, sentence) => {
    expect(call).toThrow(sentence)
    expect(call).toThrow(expect.objectContaining({ kind: 'validation' }))
  })

  it('are met by neither enumeration nor inspection, and reading one does nothing', () => {
    const names: string[] = []
    for (const name in auth0.jobs) names.push(name)
    expect(names).not.toContain('errors')
    expect(Object.keys(auth0.clients)).not.toContain('update')
    expect(inspect(auth0.clients)).not.toMatch(/update/)
    expect(inspect(auth0.jobs.errors)).toMatch(/an identifier is missing before it/)
  })

  it('leave every verb where it stands', () => {
    expect(auth0.users.list().data.op).toBe('users.list')
    expect(auth0.users('u').delete().data.op).toBe('users.delete')
    expect(auth0.jobs('j').errors.get().data.op).toBe('jobs.errors.get')
    expect(auth0.guardian.factors.phone.set({}).data.op).toBe('guardian.factors.phone.set')
  })

  it('connect() takes a domain alone, and knows what others call its options', () => {
    expect(connect('my.custom.domain').domain).toBe('my.custom.domain')
    const wrong = (options: object) => () => connect(options as never)
    expect(wrong({ baseUrl: 'https://a.example' })).toThrow(/"baseUrl" is not an option.*Write "domain"/)
    expect(wrong({ domain: 'a.example', accessToken: 'x' })).toThrow(/Write "token"/)
    expect(wrong({ domain: 'a.example', maxRetries: 3 })).toThrow(/retry: \{ maxRetries \}/)
    expect(wrong({ domain: 'a.example', issuerBaseURL: 'x' })).toThrow(/Write "domain"/)
    expect(wrong({ domain: 'a.example', clientID: 'x' })).toThrow(/Did you mean "clientId"/)
  })
})

describe('C10 a body that is a text', () => {
  it('is taken where the operation takes one, and nowhere else', () => {
    const html = '<html>{%- auth0:head -%}{%- auth0:widget -%}</html>'
    expect(auth0.branding.templates.updateUniversalLogin(html).data.body).toBe(html)
    expect(auth0.branding.templates.updateUniversalLogin({ template: html }).data.body).toEqual({ template: html })
    expect(() => auth0.roles.create('admin')).toThrow(/must be an object/)
  })
})
