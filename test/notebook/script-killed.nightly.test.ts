import { expect, it } from 'vitest'
import type { JournalEntry } from '../../src/run/index.ts'
import { memoryJournal } from '../../src/runbook/index.ts'
import { connect } from '../../src/session/index.ts'
import { notebookOf, run } from './script-book.ts'

const roles = async () => (await connect(tenant.options).roles.list().all().run()).map(({ name }) => name)

it('runs that a script has at once lose no write and double none, killed at every line of their journal, whatever order they come in', async () => {
  // The chains end in another order each time, since the tenant answers late at random.
  let life = 0
  const cell = (seed: number) => {
    life += 1
    // What was killed goes no further, as the process of a script would not.
    return `const late = (n) => new Promise((done) => setTimeout(() => ${life} === globalThis.life && done(), (n * ${seed}) % 7))
     await Promise.all(['a', 'b', 'c', 'd'].map(async (name, n) => {
       await auth0.roles.list().run()
       await late(n)
       await auth0.roles.create({ name }).run()
       await late(n + 1)
       await auth0.clients(tenant.options.clientId).update({ description: name }).run()
     }))`
  }
  Object.defineProperty(globalThis, 'life', { get: () => life, configurable: true })
  const whole: JournalEntry[] = []
  await run(notebookOf(cell(3)), 'run', { journalOf: () => ({ journal: memoryJournal(whole) }) })
  const names = (await roles()).filter((name) => name.length === 1)
  expect(names).toHaveLength(4)
  // What the tenant holds when the journal ends at a line is what the writes before it have made.
  for (let length = 1; length <= whole.length; length += 1) {
    tenant.reset()
    let cut = false
    const kept: JournalEntry[] = []
    const dying = {
      entries: kept,
      append(entry: JournalEntry) {
        if (cut || kept.length === length) {
          cut = true
          throw new Error('killed')
        }
        kept.push(entry)
      },
      close() {},
    }
    await run(notebookOf(cell(length)), 'run', { journalOf: () => ({ journal: dying }) }).catch(() => undefined)
    let again = await run(notebookOf(cell(length + 2)), 'run', { journalOf: () => ({ journal: memoryJournal(kept) }) })
    // A create whose answer was lost is for a person, who looks and says.
    if (again.results[0]?.exitCode === 3) {
      const made = await roles()
      again = await run(notebookOf(cell(length + 2)), 'run', {
        common: {
          ask: async ({ step }) => {
            const { plan } = kept.find((entry) => entry.type === 'begun' && entry.step === step) as {
              plan?: { body?: { name?: string } }
            }
            return made.includes(plan?.body?.name ?? '') ? 'done' : 'again'
          },
        },
        journalOf: () => ({ journal: memoryJournal(kept) }),
      })
    }
    const after = (await roles()).filter((name) => name.length === 1).sort()
    expect([length, again.error?.message, after]).toEqual([length, undefined, ['a', 'b', 'c', 'd']])
  }
})
