import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { InteractiveOptions } from '../../src/grammar/index.ts'
import type { Prompt } from '../../src/profiles/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, planFrom, type Session } from '../../src/session/index.ts'

const running: Sandbox[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((tenant) => tenant.close()))
})

interface Bench {
  readonly tenant: Sandbox
  readonly auth0: Session
}

async function start(): Promise<Bench> {
  const tenant = await sandbox({ seed: 'interactive', clock: 'fixed' })
  running.push(tenant)
  const { after: really, now } = tenant.options.clock
  // The pause of a poll moves the tenant's time and takes none of the test's.
  const after = (ms: number, task: () => void) => {
    if (ms !== 5000) return really(ms, task)
    const soon = setTimeout(() => {
      tenant.clock.advance(ms)
      task()
    }, 0)
    return () => clearTimeout(soon)
  }
  return { tenant, auth0: connect({ ...tenant.options, clock: { now, after } }) }
}

const realm = 'Username-Password-Authentication'

function login({ auth0, tenant }: Bench, user = 0) {
  const { email: username, password } = tenant.seed.users[user] ?? { email: '', password: '' }
  return auth0.login.password({ username, password, realm, scope: 'openid profile email' })
}

/** Answers questions in order; remembers what was asked. */
function answering(
  ...answers: (string | (() => string))[]
): Prompt & { readonly asked: string[]; readonly secret: boolean[] } {
  const asked: string[] = []
  const secret: boolean[] = []
  return {
    asked,
    secret,
    ask(question, options) {
      asked.push(question)
      secret.push(options.secret === true)
      const answer = answers.shift() ?? ''
      return Promise.resolve(typeof answer === 'string' ? answer : answer())
    },
  }
}

const quiet = (prompt: Prompt, more: InteractiveOptions = {}): InteractiveOptions => ({
  prompt,
  display: false,
  ...more,
})

describe('login.password(…).interactive()', () => {
  it('is inert, and tells its steps', async () => {
    const bench = await start()
    const plan = login(bench)
    const flow = plan.interactive(quiet(answering()))
    expect(flow.explain().steps.map(({ purpose }) => purpose)).toHaveLength(4)
    expect(flow.explain().steps[0]?.plan).toEqual(plan.data)
    expect(bench.tenant.requests).toEqual([])
    expect(JSON.stringify(plan)).not.toContain('interactive')
    expect(planFrom(JSON.stringify(plan)).hash).toBe(plan.hash)
  })

  it('asks nothing where no second factor is wanted', async () => {
    const bench = await start()
    const prompt = answering()
    const tokens = await login(bench, 1).interactive(quiet(prompt)).run()
    expect(tokens.id_token).toBeTypeOf('string')
    expect(prompt.asked).toEqual([])
  })

  it('enrols by SMS: factor, number and code are asked for, and the recovery code is handed on', async () => {
    const bench = await start()
    const { tenant } = bench
    const prompt = answering('1', '+15550100', () => tenant.outbox.last('sms').code ?? '')
    const tokens = await login(bench).interactive(quiet(prompt)).run()
    expect(prompt.asked).toEqual([
      'Which factor shall be enrolled? 1 SMS, 2 voice call, 3 e-mail, 4 authenticator app, 5 push notification',
      'Phone number to enrol, such as +15550100',
      'Code from the SMS',
    ])
    expect(prompt.secret).toEqual([false, false, true])
    expect(tokens.id_token).toBeTypeOf('string')
    expect(tokens.recovery_code).toMatch(/^[A-Z0-9]{24}$/)
    expect(inspect(tokens)).not.toContain(tokens.recovery_code)
  })

  it('enrols by e-mail and by voice where the options say so, and asks for the code alone', async () => {
    for (const [options, kind] of [
      [{ factor: 'email', email: 'second@example.com' }, 'email'],
      [{ factor: 'voice', phoneNumber: '+15550101' }, 'voice'],
    ] as const) {
      const bench = await start()
      const prompt = answering(() => bench.tenant.outbox.last(kind).code ?? '')
      const tokens = await login(bench).interactive(quiet(prompt, options)).run()
      expect(prompt.asked).toHaveLength(1)
      expect(tokens.access_token).not.toBe('')
    }
  })

  it('asks again after a wrong code, and stops with the server’s error after three', async () => {
    const bench = await start()
    const { tenant } = bench
    const right = () => tenant.outbox.last('sms').code ?? ''
    const options = { factor: 'sms', phoneNumber: '+15550100' } as const
    const patient = answering('000000', '000001', right)
    expect((await login(bench).interactive(quiet(patient, options)).run()).access_token).not.toBe('')
    const other = await start()
    const hopeless = answering('000000', '000001', '000002', '000003')
    const outcome = await login(other).interactive(quiet(hopeless, options)).run().outcome()
    expect(outcome).toMatchObject({ status: 'error', error: { kind: 'api', code: 'invalid_grant' } })
    expect(hopeless.asked).toHaveLength(3)
  })

  it('challenges what is enrolled, and lets the person choose by name', async () => {
    const bench = await start()
    const { tenant } = bench
    const code = () => tenant.outbox.last('sms').code ?? ''
    const first = await login(bench)
      .interactive(quiet(answering(code), { factor: 'sms', phoneNumber: '+15550100' }))
      .run()
    const prompt = answering('nonsense', 'sms xxxx0100', code)
    await login(bench).interactive(quiet(prompt)).run()
    expect(prompt.asked[0]).toContain('SMS XXXX0100')
    expect(prompt.asked[0]).toContain('recovery code')
    expect(prompt.asked[1]).toBe(prompt.asked[0])
    const spent = answering(first.recovery_code ?? '')
    const again = await login(bench)
      .interactive(quiet(spent, { factor: 'recovery-code' }))
      .run()
    expect(again.recovery_code).toMatch(/^[A-Z0-9]{24}$/)
    expect(again.recovery_code).not.toBe(first.recovery_code)
  })

  it('polls a push at the server’s pace until it is approved', async () => {
    const bench = await start()
    const { tenant } = bench
    const flow = login(bench).interactive(quiet(answering(), { factor: 'push' }))
    const execution = flow.run()
    const waits: (number | undefined)[] = []
    execution.events.subscribe({
      next(event) {
        if (event.kind !== 'wait' || event.reason !== 'poll') return
        waits.push(event.ms)
        tenant.outbox.approve()
      },
    })
    expect((await execution).access_token).not.toBe('')
    expect(waits).toEqual([5000])
  })

  it('stops clearly where a push is rejected', async () => {
    const bench = await start()
    const execution = login(bench)
      .interactive(quiet(answering(), { factor: 'push' }))
      .run()
    execution.events.subscribe({
      next: (event) => {
        if (event.kind === 'wait' && event.reason === 'poll') bench.tenant.outbox.reject()
      },
      error: () => undefined,
    })
    expect(await execution.outcome()).toMatchObject({
      status: 'error',
      error: { kind: 'api', serverMessage: 'MFA Authorization rejected.' },
    })
  })

  it('offers the other factors where the tenant has one switched off', async () => {
    const bench = await start()
    const { auth0, tenant } = bench
    await auth0.raw('PUT /api/v2/guardian/factors/sms', { body: { enabled: false } }).run()
    const prompt = answering(
      'SMS',
      '+15550100',
      'e-mail',
      'second@example.com',
      () => tenant.outbox.last('email').code ?? '',
    )
    expect((await login(bench).interactive(quiet(prompt)).run()).access_token).not.toBe('')
    expect(prompt.asked[2]).not.toContain('SMS')
  })

  it('stops where nothing is typed, and where the flow is aborted while it asks', async () => {
    const bench = await start()
    const stopped = await login(bench)
      .interactive(quiet(answering('')))
      .run()
      .outcome()
    expect(stopped).toMatchObject({ status: 'error', error: { kind: 'aborted' } })
    let signal: AbortSignal | undefined
    const asking = new Promise<void>((resolve) => {
      const prompt: Prompt = {
        ask(_question, options) {
          signal = options.signal
          resolve()
          return new Promise<string>(() => undefined)
        },
      }
      const execution = login(bench).interactive(quiet(prompt)).run()
      execution.catch(() => undefined)
      execution.subscribe({ error: () => undefined })
      asked.push(execution)
    })
    await asking
    asked[0]?.abort()
    expect(await asked[0]?.outcome()).toMatchObject({ status: 'error', error: { kind: 'aborted' } })
    expect(signal?.aborted).toBe(true)
  })
  const asked: { abort(): void; outcome(): Promise<unknown> }[] = []

  it('shows the QR code of an authenticator app no longer than it is needed, and writes no secret anywhere', async () => {
    const bench = await start()
    const { tenant } = bench
    const written: string[] = []
    const shown = console.log
    const write = process.stdout.write
    console.log = (text: string) => void written.push(text)
    process.stdout.write = ((text: string) => written.push(text) > 0) as never
    let secret = ''
    try {
      const prompt: Prompt = {
        ask() {
          secret = String(
            (
              tenant.snapshot().tables as never as { authenticators: [string, { $secret?: string }][] }
            ).authenticators.find(([, each]) => each.$secret)?.[1].$secret,
          )
          return tenant.totp(secret)
        },
      }
      await login(bench).interactive({ prompt, factor: 'otp' }).run()
    } finally {
      console.log = shown
      process.stdout.write = write
    }
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    const all = written.join('\n').replaceAll(' ', '')
    expect(all).toContain('Loggedin.')
    expect(all).toContain('AQRcodeisnotshownhere')
    for (const part of [secret, tenant.totp(secret), tenant.seed.users[0]?.password ?? 'none'])
      expect(all).not.toContain(part)
    expect(all).not.toMatch(/[█▀▄]/)
  })

  it('refuses options that make no sense, before anything is sent', async () => {
    const bench = await start()
    for (const wrong of [{ factor: 'sns' }, { attempts: 0 }, { prompt: {} }, { promt: 1 }]) {
      expect(() => login(bench).interactive(wrong as never)).toThrow(/interactive\(\): "/)
    }
    expect(bench.tenant.requests).toEqual([])
    expect(() => connect({ ...bench.tenant.options, prompt: {} as never })).toThrow(
      '"prompt" must have a function ask(question)',
    )
  })

  it('takes the session’s own prompt, and says what to do where there is none', async () => {
    const bench = await start()
    const prompt = answering('')
    const own = connect({ ...bench.tenant.options, prompt })
    await login({ ...bench, auth0: own })
      .interactive({ display: false })
      .run()
      .outcome()
    expect(prompt.asked).toHaveLength(1)
    const nobody = await login(bench).interactive({ display: false }).run().outcome()
    expect(nobody).toMatchObject({ status: 'error', error: { kind: 'configuration' } })
    expect((nobody as { error: Error }).error.message).toContain('Pass interactive({ prompt:')
  })
})
