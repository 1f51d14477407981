import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MfaRequiredError } from '../../src/plan/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

let tenant: Sandbox
let auth0: Session
beforeAll(async () => {
  tenant = await sandbox({ seed: 'mfa-memory', clock: 'fixed' })
  auth0 = connect(tenant.options)
})
afterAll(() => tenant.close())

const realm = 'Username-Password-Authentication'

async function interrupted(session: Session, client: object = {}): Promise<MfaRequiredError> {
  const { email: username, password } = tenant.seed.users[0] ?? { email: '', password: '' }
  const failure = await session.login
    .password({ username, password, realm, scope: 'openid profile offline_access', ...client })
    .run()
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(MfaRequiredError)
  return failure as MfaRequiredError
}

describe('an interrupted login', () => {
  it('goes on from its error, and ends in tokens whose ID token was verified', async () => {
    const mfa = auth0.mfa(await interrupted(auth0))
    const enrolment = await mfa.enroll.sms('+15550100').run()
    const code = tenant.outbox.last('sms').code ?? ''
    const kinds: string[] = []
    const execution = mfa.verify.oob(enrolment, code).run()
    execution.events.subscribe({ next: (event) => kinds.push(event.kind) })
    const tokens = await execution
    expect(tokens).toMatchObject({ token_type: 'Bearer', id_token: expect.any(String) })
    expect(kinds).toContain('keys')
  })

  it('remembers its application: another session answers the second factor as the same one', async () => {
    const { domain, dispatcher, clock, clientId, clientSecret } = tenant.options
    const error = await interrupted(connect({ domain, dispatcher, clock }), { clientId, clientSecret })
    // This session has no application at all.
    const mfa = connect({ domain, dispatcher, clock }).mfa(error.mfaToken)
    await mfa.challenge.oob().run()
    const sent = tenant.requests.at(-1)?.body
    expect(sent).toMatchObject({ client_id: clientId })
    expect(tenant.requests.at(-1)?.status).toBe(200)
  })

  it('is answered as the application that the caller names, when one is named', async () => {
    const error = await interrupted(auth0)
    const plan = auth0.mfa(error.mfaToken, { clientId: 'another' }).challenge.oob()
    await plan.run().outcome()
    expect(tenant.requests.at(-1)?.body).toMatchObject({ client_id: 'another' })
  })
})
