import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outputsOf } from '../../src/notebook/cells/messages.ts'
import { type Kernels, run, shown, startKernels } from '../notebook/kernels.ts'

const START = `
import { liveReport, defineRunbook, memoryJournal, runRunbook, waitFor } from 'tenantlab/runbook'
import { lab } from 'tenantlab/sandbox'
const { auth0, finish } = await lab({ seed: 'live', sandboxOnly: true })
const book = defineRunbook({
  name: 'held',
  async *steps({ auth0, step }) {
    const role = yield* step('create role', auth0.roles.create({ name: 'Held' }), { confirm: 'Create it?' })
    yield* step('wait', waitFor(7_200_000))
    return role.name
  },
})
const journal = memoryJournal()
book.name`

let kernels: Kernels

beforeAll(async () => {
  kernels = await startKernels()
})
afterAll(() => kernels?.close())

describe.each(['stock', 'profiled'] as const)('liveReport() in the %s kernel', (which) => {
  it('is one display, which ends as the table of the steps', async () => {
    const kernel = kernels[which]
    expect((await run(kernel, START.trim())).status).toBe('ok')
    const reply = await run(
      kernel,
      "const checked = await runRunbook(book, auth0, { mode: 'check', listener: liveReport() })",
    )
    expect(reply.status, shown(reply)).toBe('ok')
    expect(outputsOf(reply.messages)).toHaveLength(1)
    expect(shown(reply)).toContain('held · check · done · 1 change pending')
  })
})

/** Runs the runbook until it waits, and answers what the reader typed at its question. */
const HOLD = `
const stopped = await runRunbook(book, auth0, {
  journal: journal,
  listener: (event) => {
    if (event.type === 'wait') console.log(['it', 'waits'].join(' '))
  },
})`

it('asks in the notebook, stops with the cell that is interrupted, and keeps what was done', async () => {
  const kernel = kernels.profiled
  const reply = await kernel.execute(HOLD, {
    answer: 'yes',
    async whileRunning() {
      await kernel.shows('it waits')
      kernel.interrupt()
    },
  })
  expect(shown(reply)).toContain('Interrupted: ')
  expect(shown(reply)).toContain('the runbook held')
  expect(shown(await run(kernel, 'journal'))).toMatch(/journal · held · stopped.*create role +done +200/s)
})
