import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../src/run/index.ts'
import { fileJournal, readJournal } from '../../../src/runbook/index.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'))
  path = join(folder, 'run.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const opened: JournalEntry = {
  type: 'journal',
  version: 2,
  run: 'r',
  runbook: 'book',
  mode: 'run',
  tenant: 't',
  at: '',
  who: '',
}
const resumed: JournalEntry = { type: 'resumed', at: '' }
const lockOf = (owner: object | number | string) =>
  writeFileSync(`${path}.lock`, typeof owner === 'string' ? owner : JSON.stringify(owner))

/** Root may write anywhere, so that it steps down for the moment. */
function asNobody(work: () => void): void {
  const root = process.geteuid?.() === 0
  if (root) process.seteuid?.(65_534)
  try {
    work()
  } finally {
    if (root) process.seteuid?.(0)
  }
}

/** A process number that no process has. */
const NOBODY = 2 ** 22 + 1

describe('the lock of a journal in a file', () => {
  it('lets one have it at a time, says who, and leaves nothing behind', () => {
    const journal = fileJournal(path)
    expect(() => fileJournal(path)).toThrow(
      `The process ${process.pid} is running with the journal ${path}. Wait for it to end; a journal belongs to one process at a time.`,
    )
    journal.close()
    fileJournal(path).close()
    expect(readdirSync(folder)).toEqual(['run.jsonl'])
  })

  it.each([
    ['a process that is no more', { pid: NOBODY, host: hostname(), started: 'x' }],
    ['a process that is no more, written by an earlier version', NOBODY],
    // In a container the number is often given to the same program again.
    ['another process that had our number', { pid: process.pid, host: hostname(), started: 'before the restart 1' }],
    ['nobody, since the machine crashed while it was written', ''],
  ])('of %s is taken over', (_, owner) => {
    lockOf(owner)
    const journal = fileJournal(path)
    expect(JSON.parse(readFileSync(`${path}.lock`, 'utf8'))).toMatchObject({ pid: process.pid })
    expect(() => fileJournal(path)).toThrow(/is running with the journal/)
    journal.close()
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('of a process of another machine is left alone, since nobody can tell whether it runs', () => {
    lockOf({ pid: 1, host: 'elsewhere', started: 'x' })
    expect(() => fileJournal(path)).toThrow(
      new RegExp(`process 1 on elsewhere, .* when you know that it has, delete ${path}.lock`),
    )
  })
})

describe('a journal in a file', () => {
  it('takes away a last line that a crash cut off, and goes on with a line of its own', () => {
    const whole = `${JSON.stringify(opened)}\n`
    writeFileSync(path, `${whole}{"type":"begun","st`, { mode: 0o600 })
    const journal = fileJournal(path)
    expect(journal.entries).toEqual([opened])
    void journal.append(resumed)
    journal.close()
    expect(readFileSync(path, 'utf8')).toBe(`${whole}${JSON.stringify(resumed)}\n`)
  })

  it('begins anew where even its first line was cut off', () => {
    writeFileSync(path, '{"type":"jou', { mode: 0o600 })
    const journal = fileJournal(path)
    expect(journal.entries).toEqual([])
    void journal.append(opened)
    journal.close()
    expect(readJournal(path)).toEqual([opened])
  })

  it.each([
    ['{"type":"begun","step"', /Line 2 of .* is not JSON. It was changed by hand/],
    ['{"type":"began","step":"x"}', /Line 2 of .* is no line of a journal. It was changed by hand/],
    ['{"type":"send","step":"x"}', /Line 2 of .* is no line of a journal/],
    ['7', /Line 2 of .* is no line of a journal/],
    [JSON.stringify(opened), /Line 2 of .* is no line of a journal/],
  ])('refuses a line in its middle that somebody has changed: %s', (line, message) => {
    writeFileSync(path, `${JSON.stringify(opened)}\n${line}\n${JSON.stringify(resumed)}\n`, { mode: 0o600 })
    expect(() => fileJournal(path)).toThrow(message)
    expect(existsSync(`${path}.lock`), 'it gives the lock free').toBe(false)
  })

  it.each(['x', 'nightly-1'])('names the journal where the audit record of %s was given', (name) => {
    const audit = join(dirname(path), `${name}.audit.jsonl`)
    writeFileSync(audit, `${JSON.stringify(resumed)}\n`, { mode: 0o600 })
    expect(() => fileJournal(audit)).toThrow(
      `${name}.audit.jsonl is the audit record of a run. Its journal is beside it:`,
    )
    expect(() => fileJournal(audit)).toThrow(`${name}.jsonl.`)
  })

  it.each([
    [
      { ...opened, version: 1 },
      /is a journal of version 1, and this tenantlab reads version 2. Continue the run with the/,
    ],
    [resumed, /is not a journal. Give the path that the run printed/],
  ])('refuses what is no journal of its version', (line, message) => {
    writeFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    expect(() => fileJournal(path)).toThrow(message)
  })

  it('refuses a file that others can read', () => {
    writeFileSync(path, `${JSON.stringify(opened)}\n`, { mode: 0o644 })
    expect(() => fileJournal(path)).toThrow(/chmod 600/)
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it.each([
    ['its folder', 0o555, 0o600],
    ['itself', 0o777, 0o400],
  ])('says that this user may not write %s', (_, folderMode, fileMode) => {
    writeFileSync(path, `${JSON.stringify(opened)}\n`, { mode: fileMode })
    chmodSync(folder, folderMode)
    try {
      asNobody(() => {
        expect(() => fileJournal(path)).toThrow(
          `${path} cannot be written: this user may not write there (EACCES). Nothing was sent.`,
        )
      })
      expect(readdirSync(folder)).toEqual(['run.jsonl'])
    } finally {
      chmodSync(folder, 0o700)
    }
  })

  it('says why it cannot be written, and what to do', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => fileJournal(join(folder, 'file', 'run.jsonl'))).toThrow(
      /cannot be written: .*\. Nothing was sent\. Fix that, or name another file for the journal\./,
    )
    mkdirSync(path)
    expect(() => fileJournal(path)).toThrow(/cannot be written: it is a folder \(EISDIR\)/)
  })
})
