import { describe, expect, it } from 'vitest'
import { rows } from '../../src/catalogue/index.ts'
import type { PlanData } from '../../src/plan/index.ts'
import { chosenDomain } from '../../src/wire/draft.ts'
import { customDomainVerdict, rowOf } from '../../src/wire/index.ts'
import { planOf } from './plans.ts'

const domain = 'login.example.com'
const verdict = (fields: Omit<PlanData, 'v'>, chosen: string | undefined = domain) => {
  const plan = planOf(fields)
  const row = rowOf(plan)
  return customDomainVerdict(plan, row, chosenDomain(plan, row, chosen === undefined ? {} : { customDomain: chosen }))
}

describe('customDomainVerdict', () => {
  it.each([
    'tickets.verifyEmail',
    'tickets.changePassword',
    'organizations.invitations.create',
    'guardian.enrollments.createTicket',
    'jobs.verificationEmail.create',
    'jobs.usersImports.create',
    'users.create',
    'selfServiceProfiles.ssoTicket.create',
    'branding.phone.templates.test',
  ])('keeps the header on %s', (op) => {
    expect(verdict({ op })).toMatchObject({ verdict: 'sent', domain })
  })

  it('keeps it on no other operation but the update of a user', () => {
    const kept = rows().filter((row) => verdict({ op: row.id }).verdict === 'sent')
    expect(kept).toHaveLength(9)
  })

  it.each(['users.list', 'users.get', 'users.delete', 'roles.users.list', 'networkAcls.list'])(
    'removes it on %s',
    (op) => {
      expect(verdict({ op })).toMatchObject({
        verdict: 'removed',
        reason: expect.stringMatching(/does not count there/),
      })
    },
  )

  it.each([
    [{ verify_email: true }, 'sent'],
    [{ verify_phone_number: true }, 'sent'],
    [{ email: 'a@b.c' }, 'sent'],
    [{ phone_number: '+1' }, 'sent'],
    [{ name: 'A' }, 'removed'],
    [{ verify_email: false }, 'removed'],
    [{ user_metadata: { email: 'x' } }, 'removed'],
  ])('decides on the update of a user by its body: %j is %s', (body, expected) => {
    expect(verdict({ op: 'users.update', params: { id: 'a' }, body }).verdict).toBe(expected)
  })

  it('keeps it on the update of a user where the plan itself names the domain', () => {
    const plan = {
      op: 'users.update',
      params: { id: 'a' },
      body: { name: 'A' },
      options: { customDomain: 'id.example.com' },
    }
    expect(verdict(plan)).toMatchObject({ verdict: 'sent', domain: 'id.example.com' })
  })

  it('removes it even where the plan names it, on an operation that does not honour it', () => {
    expect(verdict({ op: 'users.get', options: { customDomain: domain } }).verdict).toBe('removed')
  })

  it('decides on a raw plan by the operation of its method and path', () => {
    expect(verdict({ op: 'raw', route: 'POST /api/v2/users' }).verdict).toBe('sent')
    expect(verdict({ op: 'raw', route: 'GET /api/v2/users?page=1' }).verdict).toBe('removed')
    expect(verdict({ op: 'raw', route: 'PATCH /api/v2/users/auth0%7C1', body: { verify_email: true } }).verdict).toBe(
      'sent',
    )
    expect(verdict({ op: 'raw', route: 'POST /api/v2/nowhere' })).toMatchObject({
      verdict: 'removed',
      reason: expect.stringContaining('knows no operation POST /api/v2/nowhere'),
    })
  })

  it('says so when no domain was chosen, and leaves the Authentication API alone', () => {
    const plan = planOf({ op: 'users.create' })
    expect(customDomainVerdict(plan, rowOf(plan), undefined).verdict).toBe('none')
    expect(verdict({ op: 'authentication.token', body: { grant_type: 'x' } }).verdict).toBe('none')
  })
})
