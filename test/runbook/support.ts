import { z } from 'zod'
import type { Clock } from '../../src/plan/index.ts'
import { doneWhen, type Journal, type JournalEntry } from '../../src/run/index.ts'
import { defineRunbook, memoryJournal } from '../../src/runbook/index.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'

/** Thrown where a process would have been killed: nothing is written after it. */
export class Killed extends Error {
  override name = 'Killed'
}

/** A journal in memory whose process dies at the given line, before it is written or after it was. */
export function mortalJournal(entries: JournalEntry[], line: number, when: 'before' | 'after'): Journal {
  const inner = memoryJournal(entries)
  let appended = 0
  return {
    entries: inner.entries,
    append(entry) {
      if (appended === line && when === 'before') throw new Killed()
      inner.append(entry)
      if (appended === line) throw new Killed()
      appended += 1
    },
    close() {},
  }
}

/** A journal in memory whose process dies once an entry of this kind is written. */
export function dyingAfter(
  entries: JournalEntry[],
  last: (entry: { readonly type: string; readonly step?: string }) => boolean,
): Journal {
  const inner = memoryJournal(entries)
  let dead = false
  return {
    entries: inner.entries,
    append(entry) {
      if (dead) throw new Killed()
      inner.append(entry)
      dead = last(entry)
      if (dead) throw new Killed()
    },
    close() {},
  }
}

/** The writes that a tenant's Management API was asked for, in order. */
export function writesTo({ requests }: Pick<Sandbox, 'requests'>): string[] {
  return requests
    .filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v2'))
    .map(({ method, path }) => `${method} ${path}`)
}

/** The clock of a sandbox that is moved on when somebody waits long, as a test would do it by hand. */
export function movingClock({ clock, options }: Sandbox): Clock {
  return {
    now: () => clock.now(),
    after(ms, task) {
      // Shorter ones are deadlines of requests.
      if (ms < 60_000) return options.clock.after(ms, task)
      const moving = setImmediate(() => {
        clock.advance(ms)
        task()
      })
      return () => clearImmediate(moving)
    },
  }
}

/** Fifty steps: clients that are created and changed, one after the other. */
export const fifty = defineRunbook({
  name: 'fifty',
  params: z.object({ clients: z.number().int().default(25) }),
  async *steps({ auth0, params, step }) {
    for (let i = 0; i < params.clients; i += 1) {
      const name = `Job ${i}`
      const client = yield* step(`create ${name}`, auth0.clients.create({ name, app_type: 'non_interactive' }), {
        doneWhen: doneWhen(auth0.clients.list({}).all(), { name }),
        undo: ({ result }) => auth0.clients(String(result.client_id)).delete(),
      })
      yield* step(`describe ${name}`, auth0.clients(String(client.client_id)).update({ description: `number ${i}` }))
    }
  },
})
