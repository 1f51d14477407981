import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Question, waitFor } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'
import { writesTo } from '../runbook/support.ts'

let tenant: Sandbox

beforeAll(async () => {
  tenant = await sandbox({ seed: 'stop', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

/** A session that tells of each write as it leaves, before the tenant sees it. */
function telling(leaves: () => void): Session {
  const { dispatcher, ...rest } = tenant.options
  return connect({
    ...rest,
    dispatcher: {
      ...dispatcher,
      dispatch(options: { readonly method: string; readonly path: string }, handler: never) {
        if (options.method !== 'GET' && options.path.startsWith('/api/v2')) leaves()
        return dispatcher.dispatch(options as never, handler)
      },
    } as typeof dispatcher,
  })
}

const create = (auth0: Session, name: string) => auth0.clients.create({ name })

describe('R16: a run that is told to stop', () => {
  it.each<[string, Parameters<typeof defineRunbook>[0]['steps']]>([
    [
      'between two steps',
      async function* ({ auth0, step }) {
        for (const name of ['A', 'B', 'C']) yield* step(name, create(auth0, name))
      },
    ],
    [
      'within a flow of several parts',
      async function* ({ auth0, step }) {
        yield* step(
          'flow',
          create(auth0, 'A')
            .andThen(() => create(auth0, 'B'))
            .andThen(() => create(auth0, 'C')),
        )
      },
    ],
    [
      'before it waits',
      async function* ({ auth0, step }) {
        yield* step('A', create(auth0, 'A'))
        yield* step('wait', waitFor(3_600_000))
        yield* step('B', create(auth0, 'B'))
      },
    ],
  ])('has the request in flight finished, and sends nothing more: %s', async (_, steps) => {
    const stop = new AbortController()
    const auth0 = telling(() => stop.abort())
    const journal = memoryJournal()
    const runbook = defineRunbook({ name: 'stopped', steps })
    const { status, exitCode, summary } = await runRunbook(runbook, auth0, { journal, stop: stop.signal })
    expect({ status, exitCode, written: summary.written }).toEqual({ status: 'stopped', exitCode: 3, written: 1 })
    expect(writesTo(tenant)).toEqual(['POST /api/v2/clients'])
    expect(journal.entries.some(({ type }) => type === 'lost')).toBe(false)
    const again = await runRunbook(runbook, connect(tenant.options), {
      journal: memoryJournal([...journal.entries]),
      stop: AbortSignal.abort(),
    })
    expect(again.status, 'one that is stopped already sends nothing').toBe('stopped')
    expect(writesTo(tenant)).toHaveLength(1)
  })

  it('gives up the request in flight where it is told to end at once', async () => {
    const [stop, atOnce] = [new AbortController(), new AbortController()]
    const auth0 = telling(() => {
      stop.abort()
      atOnce.abort()
    })
    const journal = memoryJournal()
    const runbook = defineRunbook({
      name: 'stopped',
      async *steps({ auth0, step }) {
        yield* step('A', create(auth0, 'A'))
      },
    })
    const { exitCode } = await runRunbook(runbook, auth0, { journal, stop: stop.signal, signal: atOnce.signal })
    expect(exitCode).toBe(3)
    expect(journal.entries.map(({ type }) => type)).toContain('lost')
  })

  it('sends no further attempt after one that failed', async () => {
    const stop = new AbortController()
    tenant.faults.add({ kind: 'status', status: 503, match: { method: 'PATCH' }, times: 5 })
    const auth0 = telling(() => stop.abort())
    const runbook = defineRunbook({
      name: 'stopped',
      async *steps({ auth0, step }) {
        yield* step('A', auth0.tenants.settings.update({ friendly_name: 'x' }))
      },
    })
    const { exitCode } = await runRunbook(runbook, auth0, { stop: stop.signal })
    expect(exitCode).toBe(3)
    expect(writesTo(tenant)).toHaveLength(1)
  })
})

describe('R48: a run step by step', () => {
  const three = defineRunbook({
    name: 'three',
    async *steps({ auth0, step }) {
      yield* step(
        'user',
        auth0.users.create({
          connection: 'Username-Password-Authentication',
          email: 'a@example.com',
          password: 'Canary-4711-pass',
        }),
      )
      yield* step('rename', auth0.tenants.settings.update({ friendly_name: 'Night and day' }))
      yield* step('client', create(auth0, 'A'))
    },
  })
  const asked = async (...answers: readonly string[]) => {
    const questions: Question[] = []
    const { summary, status } = await runRunbook(three, connect(tenant.options), {
      select: { stepwise: true },
      ask: async (question) => {
        questions.push(question)
        return answers[questions.length - 1]
      },
    })
    return { questions, summary, status }
  }

  it('shows the whole card, with its body and without its secrets', async () => {
    const { questions } = await asked('yes', 'yes', 'yes')
    expect(questions.map(({ answers }) => answers)).toEqual(Array(3).fill(['yes', 'no', 'skip', 'all']))
    expect(questions[0]?.card).toContain('a@example.com')
    expect(questions[0]?.card).not.toContain('Canary')
    expect(questions[1]?.card).toContain('Night and day')
    expect(questions[1]?.card).toContain('update:tenant_settings')
  })

  it('leaves a step out, asks no more after "all", and stops at "no"', async () => {
    expect((await asked('skip', 'all')).summary).toMatchObject({ skipped: 1, written: 2 })
    expect(writesTo(tenant)).toEqual(['PATCH /api/v2/tenants/settings', 'POST /api/v2/clients'])
    tenant.reset()
    expect(await asked('skip', 'skip', 'no')).toMatchObject({ status: 'stopped', summary: { skipped: 2, written: 0 } })
    expect(writesTo(tenant)).toEqual([])
  })
})
