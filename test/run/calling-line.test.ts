import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunEvent, StepRequest } from '../../src/run/index.ts'
import { defineRunbook, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

const here = fileURLToPath(import.meta.url)
let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'lines', clock: 'fixed', tls: false })
})
afterAll(() => tenant.close())

type Steps = Parameters<typeof defineRunbook>[0]['steps']

/** The line that the end of a run names, and the line of this file that it should. */
async function named(steps: Steps): Promise<{ told: unknown; error: unknown }> {
  const events: RunEvent[] = []
  const runbook = defineRunbook({ name: 'lines', steps })
  const result = await runRunbook(runbook, connect({ ...tenant.options, retry: false }), {
    listener: (event) => events.push(event),
  })
  expect(result.status).not.toBe('done')
  const end = events.find(({ type }) => type === 'run_end')
  return { told: end?.type === 'run_end' ? end.place : undefined, error: result.error }
}

/** The line that calls this. */
function line(): number {
  const [, , caller = ''] = (new Error().stack ?? '').split('\n')
  return Number(/:(\d+):\d+\)?$/.exec(caller)?.[1])
}

let expected = 0

it.each<[string, Steps]>([
  [
    'a step that the tenant refuses',
    async function* ({ auth0, step }): AsyncGenerator<StepRequest, void, unknown> {
      yield* step('fine', auth0.clients.list({}).first())
      expected = line() + 1
      yield* step('gone', auth0.clients('nobody').get())
    },
  ],
  [
    'a flow that fails',
    async function* ({ auth0, step }): AsyncGenerator<StepRequest, void, unknown> {
      expected = line() + 1
      yield* step('no job', auth0.jobs('job_0000000000000001').finished())
    },
  ],
  [
    'a step whose arguments break a rule',
    async function* ({ auth0, step }): AsyncGenerator<StepRequest, void, unknown> {
      expected = line() + 1
      yield* step('wrong', auth0.clients.create({ name: '' }))
    },
  ],
  [
    'a step that needs somebody to confirm',
    async function* ({ auth0, step }): AsyncGenerator<StepRequest, void, unknown> {
      expected = line() + 1
      yield* step('sure?', auth0.clients('x').delete(), { confirm: true })
    },
  ],
  [
    'a mistake of the runbook itself',
    async function* ({ auth0, step }): AsyncGenerator<StepRequest, void, unknown> {
      const first = yield* step('fine', auth0.clients.list({}).first())
      expected = line() + 1
      throw new TypeError(`there is no ${first?.name}`)
    },
  ],
  [
    'an id that two steps have',
    async function* ({ auth0, step }): AsyncGenerator<StepRequest, void, unknown> {
      yield* step('once', auth0.clients.list({}).first())
      expected = line() + 1
      yield* step('once', auth0.clients.list({}).first())
    },
  ],
])('the end of a run names the line of %s', async (_, steps) => {
  const { told } = await named(steps)
  expect(told).toMatchObject({ file: here, line: expected })
})
