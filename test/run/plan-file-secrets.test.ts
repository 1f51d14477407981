import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import {
  checkDrift,
  DecisionError,
  type JournalEntry,
  neededSecrets,
  type PlanFile,
  type PlannedRequest,
  Redactor,
  type RunEvent,
  requireSecrets,
  runbookOf,
} from '../../src/run/index.ts'
import { defineRunbook, describePlan, runRunbook } from '../../src/runbook/index.ts'
import { internalsOf, type Session } from '../../src/session/index.ts'
import { planLab } from './plan-file-lab.ts'

const lab = planLab('plan secrets')
const CANARY = 'Canary-5f3b!"quoted'
const client = () => String(lab.tenant.seed.clients[1]?.client_id)
afterEach(() => vi.unstubAllEnvs())

/** The file and what `show` prints of it. */
const everything = (file: PlanFile) => `${JSON.stringify(file)}\n${describePlan(file, process.env).join('\n')}`
function holdsNone(file: PlanFile, ...canaries: string[]): void {
  for (const canary of canaries)
    for (const form of [canary, JSON.stringify(canary).slice(1, -1)]) expect(everything(file)).not.toContain(form)
}

describe('a secret', () => {
  const spreading = defineRunbook({
    name: 'spreading',
    params: z.object({ userPassword: z.string() }),
    async *steps({ auth0, params, step }) {
      const found = yield* step('read', auth0.clients(client()).get())
      const user = yield* step(
        'create user',
        auth0.users.create({
          connection: 'Username-Password-Authentication',
          email: 'c@example.com',
          password: params.userPassword,
        }),
      )
      yield* step('note', auth0.users(user.user_id ?? '').update({ app_metadata: { note: params.userPassword } }), {
        undo: auth0.users(user.user_id ?? '').update({ app_metadata: { note: found.client_secret } }),
      })
      const flow = internalsOf(auth0).runner.flow(
        'describe',
        () => [],
        async (context) => {
          await context.run(auth0.clients(client()).update({ client_metadata: { key: String(found.client_secret) } }))
          await context.run(auth0.clients(client()).update({ description: params.userPassword }))
        },
      )
      yield* step('flow', flow, { confirm: `Send ${params.userPassword}?` })
    },
  })

  it('stands in no plan file and in nothing that show prints, wherever a runbook puts it', async () => {
    const { client_secret: secret = '' } = await lab.open().clients(client()).get().run()
    const file = await lab.plan(spreading as never, { userPassword: CANARY })
    holdsNone(file, CANARY, secret, lab.tenant.options.clientSecret)
    expect(file.params).toEqual({ userPassword: '«secret»' })
    expect(file.steps.map(({ plan }) => (plan as { body?: unknown }).body)).toEqual([
      undefined,
      expect.objectContaining({ password: { $secret: 'password' } }),
      { app_metadata: { note: { $secret: 'app_metadata.note' } } },
      { client_metadata: { key: { $secret: 'client_metadata.key' } } },
      { description: { $secret: 'description' } },
    ])
  })

  it('is asked for by the name of its variable before anything is sent, and put back where it belongs', async () => {
    const file = await lab.plan(spreading as never, { userPassword: CANARY })
    expect(() => requireSecrets(file, { TENANTLAB_SECRET_PASSWORD: CANARY })).toThrow(DecisionError)
    expect(() => requireSecrets(file, { TENANTLAB_SECRET_PASSWORD: CANARY })).toThrow(
      /TENANTLAB_SECRET_APP_METADATA_NOTE \(for "note"\) and TENANTLAB_SECRET_CLIENT_METADATA_KEY/,
    )
    expect(everything(file)).toContain('TENANTLAB_SECRET_PASSWORD (create user), which is not set')
    for (const name of ['PASSWORD', 'APP_METADATA_NOTE', 'CLIENT_METADATA_KEY', 'DESCRIPTION'])
      vi.stubEnv(`TENANTLAB_SECRET_${name}`, `${CANARY} ${name}`)
    requireSecrets(file, process.env)
    expect(everything(file)).not.toContain('which is not set')
    const entries: JournalEntry[] = []
    const { result, events } = await lab.apply(file, entries)
    expect(result.error).toBeUndefined()
    lab.tenant.clock.advance(2000)
    const user = (await lab.open().users.list({}).all().run()).find(({ email }) => email === 'c@example.com')
    expect(user?.app_metadata).toEqual({ note: `${CANARY} APP_METADATA_NOTE` })
    expect((await lab.open().clients(client()).get().run()).description).toBe(`${CANARY} DESCRIPTION`)
    expect(JSON.stringify([entries, events])).not.toContain(JSON.stringify(CANARY).slice(1, -1))
  })

  it('R3 has an address of its own in each step that sends one', async () => {
    const connection = 'Username-Password-Authentication'
    const two = defineRunbook({
      name: 'two',
      async *steps({ auth0, step }) {
        for (const name of ['ann', 'bob']) {
          yield* step(
            `create ${name}`,
            auth0.users.create({ connection, email: `${name}@example.com`, password: `${CANARY}-${name}` }),
          )
        }
      },
    })
    const file = await lab.plan(two as never, undefined)
    expect(neededSecrets(file)).toEqual([
      { variable: 'TENANTLAB_SECRET_CREATE_ANN_PASSWORD', steps: ['create ann'] },
      { variable: 'TENANTLAB_SECRET_CREATE_BOB_PASSWORD', steps: ['create bob'] },
    ])
    vi.stubEnv('TENANTLAB_SECRET_CREATE_ANN_PASSWORD', `${CANARY}-ann`)
    vi.stubEnv('TENANTLAB_SECRET_CREATE_BOB_PASSWORD', `${CANARY}-bob`)
    const { result } = await lab.apply(file, [])
    expect(result.error).toBeUndefined()
    for (const name of ['ann', 'bob']) {
      const login = { username: `${name}@example.com`, password: `${CANARY}-${name}`, realm: connection }
      const outcome = await lab.open().login.password(login).run().outcome()
      // The right password may ask for a second factor; a wrong one is refused.
      expect(outcome.status === 'error' ? outcome.error.kind : 'ok').not.toBe('api')
    }
  })

  it.each([
    [
      'a password',
      (auth0: Session) => auth0.users(lab.tenant.seed.users[0]?.user_id ?? '').update({ password: CANARY }),
    ],
    ['a client secret', (auth0: Session) => auth0.clients(client()).update({ client_secret: CANARY })],
    [
      'the password of a mail server',
      (auth0: Session) =>
        auth0.emails.provider.update({
          name: 'smtp',
          credentials: { smtp_host: 'h', smtp_port: 25, smtp_user: 'u', smtp_pass: CANARY },
        }),
    ],
  ] as const)('R3 sends %s again, whatever is there, and R27 says nothing of it', async (_, write) => {
    const twice = defineRunbook({
      name: 'twice',
      async *steps({ auth0, step, say }) {
        yield* step('first', write(auth0) as never).outcome()
        yield* step('second', write(auth0) as never).outcome()
        say(`set ${CANARY}, and ${encodeURIComponent(CANARY)}`)
      },
    })
    const events: RunEvent[] = []
    const { planned, said } = await lab.predict(twice as never, 'plan', {
      listener: (event: RunEvent) => events.push(event),
    })
    const writes = planned.filter(({ effect }) => effect === 'write') as readonly PlannedRequest[]
    for (const each of writes) {
      expect(each.unchanged, each.id).toBeUndefined()
      expect(each.changes?.length, each.id).toBeGreaterThan(0)
    }
    expect(said).toHaveLength(1)
    for (const text of [CANARY, encodeURIComponent(CANARY)])
      expect(JSON.stringify([planned, said, events])).not.toContain(JSON.stringify(text).slice(1, -1))
  })

  it('is refused as a part of a text, and in the path', async () => {
    for (const at of ['text', 'path'] as const) {
      const mixing = defineRunbook({
        name: 'mixing',
        params: z.object({ token: z.string() }),
        async *steps({ auth0, params, step }) {
          const description = at === 'text' ? `It is ${params.token}.` : 'none'
          yield* step('mix', auth0.clients(at === 'path' ? params.token : client()).update({ description }))
        },
      })
      const refused = await lab.predict(mixing as never, 'plan', { params: { token: CANARY } as never })
      expect(String(refused.error)).toContain(
        `The step "mix" has a secret in "plan.${at === 'text' ? 'body' : 'params'}`,
      )
      expect(String(refused.error)).not.toContain(CANARY)
      const checked = await lab.predict(mixing as never, 'check', { params: { token: CANARY } as never })
      // A check keeps no file; there is no client of that name.
      if (at === 'text') expect(checked.error).toBeUndefined()
      else expect(checked.error).toMatchObject({ status: 404 })
    }
  })

  it('may be missing, and then its step says so', async () => {
    const file = await lab.plan(spreading as never, { userPassword: CANARY })
    const result = await runRunbook(runbookOf(file, new Redactor()), lab.open(), { mode: 'apply' })
    expect(result.error).toMatchObject({ kind: 'missing_secret' })
    expect(lab.writes()).toEqual([])
  })
})

describe('drift', () => {
  const reading = defineRunbook({
    name: 'reading',
    params: z.object({ password: z.string().default('') }),
    async *steps({ auth0, step }) {
      yield* step('rename', auth0.clients(client()).update({ name: 'Other' }))
      yield* step('list', auth0.clients.list({}).all())
    },
  })

  it('is not seen in secrets, which show and apply say', async () => {
    const file = await lab.plan(reading as never)
    await lab.open().clients(client()).rotateSecret().run()
    const shown = describePlan(file, {})
    expect(shown).toContain('    not compared, being secret: client_secret (clients.get)')
    expect(shown).toContain('    not compared, being secret: *.client_secret (clients.list)')
    const { result, said } = await lab.apply(file)
    expect(result.error).toBeUndefined()
    expect(said).toContain('Secrets are not compared with the plan: client_secret (clients.get).')
  })

  it('is seen where a secret has come or gone', async () => {
    const file = await lab.plan(reading as never)
    const [step] = file.steps
    if (step?.effect !== 'write' || step.basis === undefined) throw new Error('The plan is not as it should be.')
    const { client_secret: _, ...state } = step.basis.state as { client_secret: string }
    const other = { ...file, steps: [{ ...step, basis: { ...step.basis, state, hash: 'sha256-other' } }] }
    await expect(checkDrift(other, lab.open(), new Redactor())).rejects.toMatchObject({
      drifts: [{ step: 'rename', changes: [{ kind: 'added', path: 'client_secret', after: '«secret»' }] }],
    })
  })

  it('is none where only one of the two runs knew that a text is a secret', async () => {
    await lab
      .open()
      .clients(client())
      .update({ description: `It is ${CANARY}.` })
      .run()
    const hidden = await lab.plan(reading as never, { password: CANARY })
    await checkDrift(hidden, lab.open(), new Redactor())
    const open = await lab.plan(reading as never)
    const redactor = new Redactor()
    redactor.add(CANARY)
    await checkDrift(open, lab.open(), redactor)
    await lab.open().clients(client()).update({ description: 'Another' }).run()
    await expect(checkDrift(open, lab.open(), redactor)).rejects.toMatchObject({ kind: 'drift' })
  })
})
