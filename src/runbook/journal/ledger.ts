import type { BegunEntry, DoneEntry, FailedEntry, JournalEntry, OpenedEntry } from './entry.ts'

/** What a journal tells of one step. */
export interface StepRecord {
  readonly id: string
  begun?: BegunEntry
  done?: DoneEntry
  failed?: FailedEntry
  /** Later steps began after it had failed: the runbook had caught the error. */
  caught: boolean
  /** A writing request went out, and nothing tells whether it was carried out. */
  unknown: boolean
}

/** A journal read step by step, in the order in which the steps first began. */
export interface Ledger {
  readonly opened?: OpenedEntry
  readonly steps: ReadonlyMap<string, StepRecord>
  /** The run ended well; there is nothing to resume. */
  readonly finished: boolean
}

/** Reads what a run has done so far. */
export function ledgerOf(entries: readonly JournalEntry[]): Ledger {
  const steps = new Map<string, StepRecord>()
  const recordOf = (id: string): StepRecord => {
    let record = steps.get(id)
    if (record === undefined) {
      record = { id, caught: false, unknown: false }
      steps.set(id, record)
    }
    return record
  }
  let opened: OpenedEntry | undefined
  let finished = false
  let lastFailed: StepRecord | undefined
  const open = new Set<string>()
  for (const entry of entries) {
    if (entry.type === 'journal') opened = entry
    else if (entry.type === 'resumed') {
      finished = false
      lastFailed = undefined
    } else if (entry.type === 'closed') {
      finished = entry.status === 'done'
      lastFailed = undefined
    } else {
      const record = recordOf(entry.step)
      if (lastFailed !== undefined && lastFailed !== record) {
        lastFailed.caught = true
        lastFailed = undefined
      }
      switch (entry.type) {
        case 'begun':
          record.begun = entry
          delete record.failed
          record.caught = false
          break
        case 'send':
          if (entry.method !== 'GET') open.add(`${entry.step} ${entry.attempt}`)
          break
        case 'answer':
          // An error of the server's own says nothing about what it has done; a refusal says that it did nothing.
          if (entry.status >= 400 && entry.status < 500) open.delete(`${entry.step} ${entry.attempt}`)
          break
        case 'done':
          record.done = entry
          clear(open, entry.step)
          break
        case 'failed':
          record.failed = entry
          lastFailed = record
          if (!entry.maybeApplied) clear(open, entry.step)
          break
      }
    }
  }
  for (const record of steps.values()) {
    record.unknown = [...open].some((key) => key.slice(0, key.lastIndexOf(' ')) === record.id)
  }
  return { ...(opened && { opened }), steps, finished }
}

function clear(open: Set<string>, step: string): void {
  for (const key of open) if (key.slice(0, key.lastIndexOf(' ')) === step) open.delete(key)
}
