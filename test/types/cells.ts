/** A cell of a notebook: what it holds, and what it takes from the cells before it. */
export interface Cell {
  readonly name: string
  readonly code: string
}

/**
 * A notebook's worth of the grammar, cell by cell. Each cell is a module that the compiler sees with nothing but the
 * declarations of the cells before it, as tslab does it. The first makes the session.
 */
export const cells: readonly Cell[] = [
  {
    name: 'session',
    code: `
      import { connect } from 'tenantlab'
      export const auth0 = connect({ domain: 'tenant.example.com', clientId: 'c', clientSecret: 's' })
    `,
  },
  {
    name: 'users',
    code: `
      import { auth0 } from './session'
      export const search = auth0.users.list({ q: 'email:*@example.com', search_engine: 'v3', per_page: 50 })
      export const page = await search.run()
      export const first = page.items[0]
      export const created = await auth0.users.create({ connection: 'Username-Password-Authentication', email: 'a@example.com', password: 'x' }).run()
      export const emails: string[] = []
      for await (const user of search) emails.push(user.email)
      export const patch = auth0.users(created.user_id).update({ app_metadata: { plan: 'gold' } }).customDomain('login.example.com')
      export const explained = patch.explain()
      export const roles = auth0.users('auth0|1').roles.list().all()
      export const methods = auth0.users('auth0|1').authenticationMethods('totp|1')
    `,
  },
  {
    name: 'acls',
    code: `
      import { auth0 } from './session'
      export const acl = await auth0.networkAcls
        .create({ description: 'no', active: true, rule: { action: { block: true }, scope: 'management', match: { geo_country_codes: ['US'], auth0_managed: ['auth0.tor'] } } })
        .run()
      export const rule = auth0.networkAcls.rule().block().countries('IMG').scope('tenant')
      export const set = rule.priority(1).active(false).describe('x').set(acl.id)
      export const acls = auth0.networkAcls.list()
    `,
  },
  {
    name: 'jobs',
    code: `
      import { auth0 } from './session'
      export const job = await auth0.jobs.usersImports.create({ users: [{ email: 'a@example.com' }], connection_id: 'con_0000000000000000' }).run()
      export const errors = await auth0.jobs(job.id).errors.get().run()
      export const told = errors.match({ import: (one) => one.errors.length, generic: (one) => one.status.length, none: () => 0 })
      export const codes = errors.kind === 'import' ? errors.errors.map((one) => one.errors[0].code) : []
      export const done = auth0.jobs(job.id).finished({ every: 1000 })
    `,
  },
  {
    name: 'logins',
    code: `
      import { auth0 } from './session'
      export const tokens = await auth0.login.clientCredentials({ audience: 'https://api.example.com' }).run()
      export const quotas = auth0.tenant().quotas().clients({ perDay: 200 }).organizations(null)
      export const kept = quotas.keepRest()
      export const enrolment = auth0.mfa('token').enroll.sms('+15550100')
      export const limits = auth0.limits()
    `,
  },
  {
    name: 'rest',
    code: `
      import { auth0 } from './session'
      export const quota = auth0.clients('c').quota({ perDay: 10, enforce: true })
      export const cleared = auth0.organizations('o').quota(null)
      export const invitation = auth0.organizations('o').invitations.create({ client_id: 'c', inviter: { name: 'n' }, invitee: { email: 'e' } })
      export const byName = auth0.organizations.getByName('acme')
      export const connection = auth0.connections.create({ name: 'c', strategy: 'google-oauth2', options: { client_id: 'a', client_secret: 'b' } })
      export const identity = auth0.users('u').identities('google-oauth2', '42').delete()
      export const settings = await auth0.tenants.settings.get().run()
      export const nothing = await auth0.clients('c').delete().run()
      export const logs = auth0.logs.list({ take: 10 }).take(30)
    `,
  },
]

/** What the compiler must refuse, one mistake each. */
export const mistakes: readonly Cell[] = [
  {
    name: 'unknown-field',
    code: `auth0.networkAcls.create({ description: '', active: true, rule: undefined!, colour: 'red' })`,
  },
  { name: 'unknown-verb', code: 'auth0.users.lists()' },
  { name: 'wrong-value', code: `auth0.users.list({ search_engine: 'v9' })` },
  { name: 'missing-body', code: `auth0.users('a').update()` },
  { name: 'wrong-parameter', code: 'auth0.users(7)' },
  { name: 'await-on-answer', code: `auth0.users('a').get().email` },
]
