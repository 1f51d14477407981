import type { SandboxFault, SandboxFaultEntry, SandboxFaults } from '../types.ts'
import { checkFault } from './check-fault.ts'

/** What a fault is matched against. */
export interface FaultSubject {
  readonly method: string
  readonly path: string
  readonly operation?: string
}

/** The faults as their owner sees them, and the way to take one for a request. */
export interface FaultStore {
  readonly view: SandboxFaults
  /** The first fault in place that hits this request, counted. */
  take(subject: FaultSubject): SandboxFault | undefined
}

interface Entry {
  readonly id: string
  readonly fault: SandboxFault
  seen: number
  hits: number
}

/** An empty list of faults. */
export function createFaults(): FaultStore {
  let entries: Entry[] = []
  let count = 0
  return {
    view: {
      get list(): readonly SandboxFaultEntry[] {
        return entries.map(({ fault, hits, id }) => ({ ...fault, id, hits }))
      },
      add(fault) {
        checkFault(fault)
        count += 1
        const entry = { id: `fault_${count}`, fault, seen: 0, hits: 0 }
        entries.push(entry)
        return () => {
          entries = entries.filter((other) => other !== entry)
        }
      },
      remove(id) {
        const before = entries.length
        entries = entries.filter((other) => other.id !== id)
        return entries.length < before
      },
      clear() {
        entries = []
      },
    },
    take(subject) {
      for (const entry of entries) {
        const { fault } = entry
        if (!fits(fault, subject) || entry.hits >= (fault.times ?? Number.POSITIVE_INFINITY)) continue
        entry.seen += 1
        if (entry.seen <= (fault.after ?? 0)) continue
        entry.hits += 1
        return fault
      }
      return undefined
    },
  }
}

function fits({ match = {} }: SandboxFault, { method, operation, path }: FaultSubject): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false
  if (match.operation !== undefined && match.operation !== operation) return false
  if (match.path === undefined) return true
  return match.path.endsWith('*') ? path.startsWith(match.path.slice(0, -1)) : path === match.path
}
