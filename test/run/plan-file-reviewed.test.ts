import { describe, expect, it } from 'vitest'
import {
  type AuditRecord,
  doneWhen,
  type JournalEntry,
  type PlannedRequest,
  Redactor,
  runbookOf,
} from '../../src/run/index.ts'
import { defineRunbook, describePlan, memoryJournal, planFile, runRunbook } from '../../src/runbook/index.ts'
import { Killed, mortalJournal } from '../runbook/support.ts'
import { planLab } from './plan-file-lab.ts'

const lab = planLab('reviewed')

const job = defineRunbook({
  name: 'job',
  async *steps({ auth0, step, say }) {
    say('One application is made.')
    const client = yield* step('create', auth0.clients.create({ name: 'Job' }), {
      doneWhen: doneWhen(auth0.clients.list({}).all(), { name: 'Job' }),
    })
    say(`It is ${client.client_id},\nand its secret ${client.client_secret}.`)
    yield* step('describe', auth0.clients(client.client_id ?? '').update({ description: 'Runs at night' }))
    say('All is said.')
  },
})

describe('what was reviewed', () => {
  const apply = async (journal: ReturnType<typeof memoryJournal>, records: AuditRecord[]) => {
    const file = await lab.plan(job as never)
    const audit = { record: (record: AuditRecord) => void records.push(record), close() {} }
    const run = () => runRunbook(runbookOf(file, new Redactor()), lab.open(), { mode: 'apply', journal, audit })
    return { file, run, shown: (file.steps as readonly PlannedRequest[]).map(({ hash }) => hash) }
  }

  it('stands in each audit record of an apply, also where a value was put into the plan', async () => {
    const records: AuditRecord[] = []
    const { file, run, shown } = await apply(memoryJournal(), records)
    expect((await run()).error).toBeUndefined()
    const writes = records.filter(({ method }) => method !== 'GET')
    expect(writes.map(({ reviewed }) => reviewed)).toEqual(shown)
    expect(records.map(({ planFile }) => planFile)).toEqual(records.map(() => file.hash))
    expect(writes[0]?.plan).toBe(writes[0]?.reviewed)
    expect(writes[1]?.plan).not.toBe(writes[1]?.reviewed)
    for (const { reviewed = 'nothing' } of writes) expect(describePlan(file, {}).join('\n')).toContain(reviewed)
  })

  it('stands in the record of a request that was cut off by a kill as well', async () => {
    const records: AuditRecord[] = []
    const entries: JournalEntry[] = []
    // Up to the line that the second step's request goes out.
    const { file, run, shown } = await apply(mortalJournal(entries, 8, 'after'), records)
    await expect(run()).rejects.toBeInstanceOf(Killed)
    expect(entries.at(-1)).toMatchObject({ type: 'send', step: 'describe' })
    records.length = 0
    const audit = { record: (record: AuditRecord) => void records.push(record), close() {} }
    const options = { mode: 'apply', journal: memoryJournal(entries), audit } as const
    expect((await runRunbook(runbookOf(file, new Redactor()), lab.open(), options)).error).toBeUndefined()
    const own = records.filter(({ step }) => step === 'describe')
    expect(own.map(({ fault, status }) => fault ?? status)).toEqual(['killed', 200])
    for (const record of own) expect(record.reviewed).toBe(shown[1])
    expect(
      records.map(({ planFile }) => planFile),
      'reads beside the steps as well',
    ).toEqual(records.map(() => file.hash))
  })

  it('is told by the first line of the journal, and nothing of it by a run', async () => {
    const entries: JournalEntry[] = []
    const { file, run } = await apply(memoryJournal(entries), [])
    await run()
    expect(entries[0]).toMatchObject({ type: 'journal', mode: 'apply', params: { plan: file.hash } })
    const records: AuditRecord[] = []
    const audit = { record: (record: AuditRecord) => void records.push(record), close() {} }
    await runRunbook(job, lab.open(), { audit })
    expect(records).toHaveLength(2)
    for (const record of records) expect(Object.keys(record)).not.toContain('planFile')
  })

  it('is the plan file that an apply goes on with, and no other', async () => {
    const entries: JournalEntry[] = []
    const { run } = await apply(mortalJournal(entries, 6, 'after'), [])
    await expect(run()).rejects.toBeInstanceOf(Killed)
    const file = await lab.plan(job as never)
    const parts = { runbook: file.runbook, tenant: file.tenant, at: 'later', who: file.who, steps: file.steps }
    const other = planFile(parts)
    const going = runRunbook(runbookOf(other, new Redactor()), lab.open(), {
      mode: 'apply',
      journal: memoryJournal(entries),
    })
    await expect(going).rejects.toThrow(/"plan" was "sha256-/)
  })
})

it('keeps what the runbook said for whoever reviews it, in its place and without a secret', async () => {
  const file = await lab.plan(job as never)
  expect(file.said?.map(({ at, text }) => `${at} ${text}`)).toEqual([
    '0 One application is made.',
    '1 It is {{create.client_id}},\nand its secret {{create.client_secret}}.',
    '2 All is said.',
  ])
  const text = describePlan(file, {}).join('\n')
  expect(text).toMatch(/» One application is made\.\n\n\+ create: /)
  expect(text).toMatch(
    /\n» It is \{\{create\.client_id\}\},\n» and its secret \{\{create\.client_secret\}\}\.\n\n~ describe: /,
  )
  expect(text).toMatch(/» All is said\.$/)
  const quiet = await lab.plan(defineRunbook({ ...job, steps: async function* () {} }) as never)
  expect(quiet).not.toHaveProperty('said')
  expect(describePlan(quiet, {}).join('\n')).not.toMatch(/»|parameters/)
})
