import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DecisionError, type JournalEntry } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let tenant: Sandbox
beforeAll(async () => {
  tenant = await sandbox({ seed: 'step', clock: 'fixed', tls: false })
})
beforeEach(() => tenant.reset())
afterAll(() => tenant.close())

const open = () => connect({ ...tenant.options, retry: false })

describe('step().outcome()', () => {
  const looking = defineRunbook({
    name: 'looking',
    async *steps({ auth0, step }) {
      const found = yield* step('find', auth0.clients(tenant.options.clientId).get()).outcome()
      const missed = yield* step('miss', auth0.clients('nobody').get()).outcome()
      const client = yield* step('create', auth0.clients.create({ name: 'Job' }))
      const name: string | undefined = found.status === 'ok' ? found.value.name : undefined
      return [found.status, typeof name, missed.status === 'error' && missed.error.kind, client.name]
    },
  })

  it('gives the value or the error as data, and the run goes on', async () => {
    const entries: JournalEntry[] = []
    const result = await runRunbook(looking, open(), { journal: memoryJournal(entries) })
    expect(result.error).toBeUndefined()
    expect(result.value).toEqual(['ok', 'string', 'api', 'Job'])
    const missed = () => tenant.requests.filter(({ path }) => path.endsWith('/nobody'))
    expect(missed()).toHaveLength(1)
    const again = await runRunbook(looking, open(), { journal: memoryJournal(entries) })
    expect(again.value, 'a resumed run gets the recorded error').toEqual(['ok', 'string', 'api', 'Job'])
    expect(missed()).toHaveLength(1)
  })

  it('is no way around a stop', async () => {
    let went = false
    const stopping = defineRunbook({
      name: 'stopping',
      async *steps({ auth0, step }) {
        yield* step('create', auth0.clients.create({ name: 'Job' }), { confirm: true }).outcome()
        went = true
      },
    })
    const result = await runRunbook(stopping, open())
    expect(result).toMatchObject({ exitCode: 3 })
    expect(result.error).toBeInstanceOf(DecisionError)
    expect(went).toBe(false)
  })

  it('does not hide a mistake of the runbook', async () => {
    const mistaken = defineRunbook({
      name: 'mistaken',
      async *steps({ auth0, step }) {
        const when = (): boolean => {
          throw new TypeError('when is broken')
        }
        return yield* step('create', auth0.clients.create({ name: 'Job' }), { when }).outcome()
      },
    })
    const result = await runRunbook(mistaken, open())
    expect(result.exitCode).toBe(1)
    expect(result.error).toBeInstanceOf(TypeError)
  })
})
