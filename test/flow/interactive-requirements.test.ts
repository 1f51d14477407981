import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/plan/index.ts'
import { connect } from '../../src/session/index.ts'

const headers = { 'content-type': 'application/json' }
const reply = (status: number, body: Json) => ({ status, headers, body: JSON.stringify(body) })

/** A tenant that says in its error which factors it takes. */
function tenantThatTells(requirements: Json, authenticators: readonly Json[]) {
  const asked: string[] = []
  const auth0 = connect({
    domain: 'tenant.example',
    clientId: 'a',
    clientSecret: 'b',
    transport: ({ url }) =>
      url.endsWith('/mfa/authenticators')
        ? reply(200, authenticators)
        : reply(403, {
            error: 'mfa_required',
            error_description: 'Needed',
            mfa_token: 'mfa-token',
            mfa_requirements: requirements,
          }),
    prompt: {
      ask(question) {
        asked.push(question)
        return ''
      },
    },
  })
  const run = async () => {
    await auth0.login.password({ username: 'u', password: 'p' }).interactive({ display: false }).run().outcome()
    return asked
  }
  return run()
}

const sms = { id: 'sms|dev_1', authenticator_type: 'oob', oob_channel: 'sms', name: 'XXXX0100', active: true }
const push = { id: 'push|dev_2', authenticator_type: 'oob', oob_channel: 'auth0', name: 'Phone', active: true }
const otp = { id: 'totp|dev_2', authenticator_type: 'otp', active: true }
const unknown = { id: 'webauthn|dev_3', authenticator_type: 'webauthn', active: true }

describe('an interactive login where the tenant tells its factors', () => {
  it('offers to enrol those only', async () => {
    const requirements = { enroll: [{ type: 'otp' }, { type: 'phone' }, { type: 'recovery-code' }] }
    expect(await tenantThatTells(requirements, [])).toEqual([
      'Which factor shall be enrolled? 1 authenticator app, 2 SMS, 3 voice call',
    ])
  })

  it('offers to challenge those only, and takes the one that is left without a question', async () => {
    const list = [sms, push, otp, unknown]
    expect(await tenantThatTells({ challenge: [{ type: 'otp' }, { type: 'push-notification' }] }, list)).toEqual([
      'Which factor shall be used? 1 push notification Phone, 2 authenticator app',
    ])
    expect(await tenantThatTells({ challenge_types: ['otp'] }, list)).toEqual(['Code of the authenticator app'])
  })

  it('ignores authenticators that were never confirmed, and kinds that it cannot challenge', async () => {
    const list = [{ ...sms, active: false }, unknown, otp]
    expect(await tenantThatTells(null, list)).toEqual(['Code of the authenticator app'])
    expect(await tenantThatTells(null, [{ ...sms, active: false }, unknown])).toEqual([
      'Which factor shall be enrolled? 1 SMS, 2 voice call, 3 e-mail, 4 authenticator app, 5 push notification',
    ])
  })
})
