import type { RunEvent, RunListener } from '../engine/index.ts'
import { linesOf } from './line.ts'

/** Where progress is shown. */
export interface Screen {
  /** Writes as it is, without an end of line of its own. */
  write(text: string): void
  /** Columns of a terminal; absent where output goes to a file or pipe, and nothing may be written over. */
  readonly columns?: number
}

/**
 * Progress for people: a line for what has happened, and, on a terminal, one last line that changes and says what goes
 * on, in every tenant, and how much of the rate limit is left.
 *
 * @param several names the tenant in each line.
 */
export function humanReport(screen: Screen, several: boolean): RunListener {
  const status = new Map<string, { step?: string; note?: string; limit?: string; requests: number }>()
  let drawn = false
  const clear = (): void => {
    if (drawn) screen.write('\r\u001b[2K')
    drawn = false
  }
  const draw = (): void => {
    if (screen.columns === undefined) return
    const parts = [...status].map(([tenant, { step, note, limit, requests }]) =>
      [several ? tenant : undefined, step, note, `${requests} requests`, limit]
        .filter((part) => part !== undefined)
        .join(' · '),
    )
    clear()
    if (parts.length === 0) return
    screen.write(`▸ ${parts.join('  ▸ ')}`.slice(0, screen.columns - 1))
    drawn = true
  }
  return (event) => {
    const state = status.get(event.tenant) ?? { requests: 0 }
    status.set(event.tenant, state)
    if (event.type === 'step_start') {
      state.step = event.step
      delete state.note
    } else if (event.type === 'request') {
      state.requests += 1
      delete state.note
    } else if (event.type === 'wait') {
      state.note = `waits for ${WAITS[event.reason] ?? event.reason}${event.ms === undefined ? '' : `, ${Math.ceil(event.ms / 100) / 10} s`}`
    } else if (event.type === 'answer') {
      const { remaining, limit } = event.rateLimit ?? {}
      if (remaining !== undefined) state.limit = `${remaining}${limit === undefined ? '' : ` of ${limit}`} left`
    } else if (event.type === 'run_end') status.delete(event.tenant)
    const lines = linesOf(event)
    if (lines.length > 0) {
      clear()
      for (const line of lines) screen.write(`${several ? `${event.tenant}  ` : ''}${line}\n`)
    }
    draw()
  }
}

const WAITS: Readonly<Record<string, string>> = {
  slot: 'the rate limit',
  server: 'the server',
  backoff: 'another try',
  poll: 'a job',
}

/** Events as JSON lines; the first tells the version of the format. */
export function jsonReport(
  write: (line: string) => void,
  versions: { events: string; tenantlab: string },
): RunListener {
  write(JSON.stringify({ type: 'version', version: versions.events, tenantlab: versions.tenantlab }))
  return (event: RunEvent) => write(JSON.stringify(event))
}
