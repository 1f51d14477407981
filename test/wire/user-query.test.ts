import { expect, it } from 'vitest'
import { connect } from '../../src/index.ts'
import { describePlan } from '../../src/runbook/index.ts'
import { sandbox } from '../../src/sandbox.ts'

const offline = connect({ domain: 'tasks.example.com', token: 'x' })

it.each([
  ['emial:a*', 'emial in q is not among the user fields', 'Did you mean email?'],
  ['blocked:true AND login_count:[1 TO 4]', 'login_count in q', 'Did you mean logins_count?'],
  ['NOT _exists_:last_logn', 'last_logn in q', 'Did you mean last_login?'],
  ['app_metdata.plan:"gold"', 'app_metdata.plan in q', 'Did you mean app_metadata.plan?'],
  ['logins_count:0', "NOT _exists_:logins_count) OR logins_count:0'", ''],
  ['last_login:null', "'NOT _exists_:last_login'", ''],
])('NEWUSER 2: explain() warns of the query %s', (q, first, second) => {
  const text = offline.users.list({ q }).explain().warnings.join(' ')
  expect(text).toContain(first)
  expect(text).toContain(second)
})

it.each([
  '(NOT _exists_:logins_count) OR logins_count:0',
  '-_exists_:logins_count OR logins_count:0',
  'last_login:[2026-01-01T10:20:00Z TO *]',
  'user_metadata.a.b:"x:y" AND identities.connection:"Users"',
  'name:"emial: yes"',
  'email:*@example.com OR created_at:{2026-01-01 TO 2026-02-01}',
  'user_id:auth0|1',
  'jane',
])('NEWUSER 2: explain() has nothing to say of the query %s', (q) => {
  expect(offline.users.list({ q }).explain().warnings).toEqual(offline.users.list({}).explain().warnings)
})

it('NEWUSER 2: a check over nobody says so, with the likely reason', async () => {
  const tenant = await sandbox()
  const auth0 = connect(tenant.options)
  try {
    const described = (review: unknown): string => describePlan(JSON.parse(JSON.stringify(review)), {}).join('\n')
    const said = async (q: string): Promise<string> =>
      described(
        await auth0.users
          .list({ q })
          .each((user) => auth0.users(user.user_id ?? '').update({ blocked: true }))
          .check(),
      )
    expect(await said('logins_count:0')).toContain('No change: 0 users matched. Users who never logged in have no')
    expect(await said('email:nobody@example.com')).toContain('No change: 0 users matched.\n')
    expect(await said('emial:a*')).toContain('Did you mean email?')
    expect(await said('(NOT _exists_:logins_count) OR logins_count:0')).toContain('2 to change')
    const list = await auth0.users.list({ q: 'emial:a*' }).run()
    const shown = (list as never as Record<symbol, () => string>)[Symbol.for('nodejs.util.inspect.custom')]
    expect(shown?.call(list)).toContain('Did you mean email?')
    const none = await auth0.roles
      .list({ name_filter: 'no such role' })
      .each((role) => auth0.roles(role.id ?? '').delete())
      .check()
    expect(described(none)).toContain('No change: 0 roles matched.')
  } finally {
    await tenant.close()
  }
})
