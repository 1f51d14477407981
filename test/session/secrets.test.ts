import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MfaRequiredError, type Plan, type PlanEvent } from '../../src/plan/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, reveal } from '../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'secrets', clock: 'fixed' })
})
afterAll(() => tenant.close())

const JUPYTER = Symbol.for('Jupyter.display')
const canaries = {
  clientSecret: 'canary-client-secret-1234',
  password: 'canary-Pa55word-5678!',
  token: 'canary-token-9012',
  mfaToken: 'canary-mfa-token-3456',
  code: 'canary-code-7890',
  key: 'canary-private-key-1357',
}

/** Every form in which a value may come before someone's eyes. */
function printed(value: unknown): string {
  const forms = [
    inspect(value),
    inspect(value, { depth: null }),
    inspect(value, { depth: null, showHidden: true, getters: true, colors: true }),
    inspect({ nested: [value] }, { depth: null }),
    JSON.stringify(value, null, 1),
    `${typeof value === 'object' && value !== null && 'toString' in value ? String(value) : ''}`,
  ]
  const display = (value as { [JUPYTER]?: () => unknown } | null)?.[JUPYTER]
  if (typeof display === 'function') forms.push(JSON.stringify(display.call(value)))
  if (value instanceof Error) {
    forms.push(value.message, value.stack ?? '')
    if (value.cause !== undefined) forms.push(printed(value.cause))
  }
  return forms.join('\n')
}

function plansOf(): readonly [string, Plan<unknown>][] {
  const auth0 = connect({ ...tenant.options, clientSecret: canaries.clientSecret })
  const own = { clientId: 'other', clientSecret: canaries.clientSecret }
  const username = 'user-one@example.com'
  const mfa = auth0.mfa(canaries.mfaToken)
  return [
    ['login.password', auth0.login.password({ username, password: canaries.password, ...own })],
    ['login.refreshToken', auth0.login.refreshToken({ refreshToken: canaries.token })],
    [
      'login.clientCredentials by key',
      auth0.login.clientCredentials({ clientId: 'other', clientAssertion: { key: canaries.key } }),
    ],
    ['login.authorizationCode', auth0.login.authorizationCode({ code: canaries.code, codeVerifier: canaries.token })],
    ['mfa.enroll.otp', mfa.enroll.otp()],
    ['mfa.challenge.oob', mfa.challenge.oob()],
    ['mfa.verify.oob', mfa.verify.oob({ oobCode: canaries.code, bindingCode: canaries.code })],
    ['mfa.verify.otp', mfa.verify.otp(canaries.code)],
    ['mfa.verify.recoveryCode', mfa.verify.recoveryCode(canaries.code)],
    ['mfa.authenticators.list', mfa.authenticators.list()],
    ['userInfo', auth0.userInfo(canaries.token)],
    ['revoke', auth0.revoke(canaries.token)],
    [
      'database.signup',
      auth0.database.signup({ connection: 'c', email: 'a@example.com', password: canaries.password }),
    ],
    ['users.create', auth0.users.create({ connection: 'c', email: 'a@example.com', password: canaries.password })],
    ['users.update', auth0.users('auth0|1').update({ password: canaries.password })],
    ['clients.update', auth0.clients('c').update({ client_secret: canaries.clientSecret })],
    ['raw', auth0.raw('PATCH /api/v2/users/x', { body: { password: canaries.password } })],
  ]
}

describe('no canary shows', () => {
  it('in a session, its limits, its shared state or its functions', async () => {
    const auth0 = connect({ ...tenant.options, clientSecret: canaries.clientSecret })
    await auth0.roles.list().run().outcome()
    const shared = globalThis as unknown as Record<symbol, unknown>
    const hidden = Object.getOwnPropertySymbols(shared).filter((symbol) => symbol.description?.startsWith('tenantlab'))
    expect(hidden.length).toBeGreaterThan(0)
    for (const value of [
      auth0,
      auth0.limits(),
      auth0.login,
      auth0.mfa(canaries.mfaToken),
      auth0.as({ token: canaries.token }),
      ...hidden.map((symbol) => shared[symbol]),
    ]) {
      expect(printed(value)).not.toMatch(/canary/)
    }
  })

  it('in any form of a plan that carries one', () => {
    for (const [name, plan] of plansOf()) {
      const all = [
        printed(plan),
        printed(plan.data),
        printed(plan.explain()),
        printed(plan.diff()),
        plan.toCurl(),
        plan.toHttp(),
        plan.hash,
        printed(plan.with({ timeout: 5 })),
      ]
      expect(all.join('\n'), name).not.toMatch(/canary/)
    }
  })

  it('in executions, their events and errors, when the tenant refuses each of them', async () => {
    for (const [name, plan] of plansOf()) {
      const events: PlanEvent<unknown>[] = []
      const execution = plan.run()
      execution.events.subscribe({ next: (event) => events.push(event), error() {} })
      const outcome = await execution.outcome()
      expect(outcome.status, name).toBe('error')
      const error = outcome.status === 'error' ? outcome.error : undefined
      const seen = [execution, ...events, outcome, error, error?.plan].map(printed).join('\n')
      expect(seen, name).not.toMatch(/canary/)
    }
  })

  it('in an error whose server repeats what it was sent', async () => {
    const auth0 = connect({
      domain: 'echo.example.com',
      clientId: 'x',
      transport: () => ({
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ error: 'invalid_request', error_description: `bad password ${canaries.password}` }),
      }),
    })
    const failure = await auth0.login
      .password({ username: 'u', password: canaries.password })
      .run()
      .catch((error: unknown) => error)
    expect(printed(failure)).not.toMatch(/canary/)
    expect(printed(failure)).toContain('bad password')
  })

  it('in a mfa_required error, whose token is real all the same', async () => {
    const auth0 = connect(tenant.options)
    const { email, password } = tenant.seed.users[0] ?? { email: '', password: '' }
    const plan = auth0.login.password({ username: email, password, realm: 'Username-Password-Authentication' })
    const failure = (await plan.run().catch((error: unknown) => error)) as MfaRequiredError
    expect(failure).toBeInstanceOf(MfaRequiredError)
    expect(failure.mfaToken.length).toBeGreaterThan(10)
    expect(printed(failure)).not.toContain(failure.mfaToken)
    expect(printed(failure)).not.toContain(password)
  })

  it('in a tokens answer, whose values are real all the same', async () => {
    const tokens = await connect(tenant.options).login.clientCredentials().run()
    expect(tokens.access_token.split('.')).toHaveLength(3)
    expect(inspect(tokens, { depth: null })).not.toContain(tokens.access_token)
    expect(structuredClone(tokens)).toEqual(tokens)
    expect(Object.keys(tokens)).toContain('access_token')
  })
})

describe('reveal()', () => {
  it('shows one value, marked, in displays only', () => {
    const shown = reveal(canaries.token)
    expect(inspect(shown)).toMatch(/⚠ revealed[\s\S]*canary-token-9012/)
    expect(JSON.stringify(shown)).not.toContain('canary')
    expect(Object.keys(shown)).toEqual([])
    const secret = { kind: 'secret' as const, name: 'x', reveal: () => canaries.code }
    expect(inspect(reveal(secret))).toContain(canaries.code)
  })

  it('takes a text or a secret only', () => {
    expect(() => reveal(undefined as never)).toThrow(/shows one secret text, not nothing\. Pass the value itself/)
    expect(() => reveal({} as never)).toThrow(/not something of type object/)
  })
})
