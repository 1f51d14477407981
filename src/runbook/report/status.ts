import { clip, type Paint, plain, width } from '../../display/index.ts'
import type { RunEvent } from '../../run/index.ts'

/** What the view says of one tenant: its step, what it waits for, and what is left of the rate limit. */
export class TenantStatus {
  readonly #tenant: string
  #step: string | undefined
  #requests = 0
  #left: { readonly remaining: number; readonly limit?: number } | undefined
  #waits: { readonly what: string; readonly since: number; readonly until?: number; readonly whole?: true } | undefined
  #asked: number | undefined
  #answered: number | undefined

  constructor(tenant: string) {
    this.#tenant = plain(tenant)
  }

  /** @param now milliseconds since the epoch. */
  take(event: RunEvent, now: number): void {
    switch (event.type) {
      case 'step_start':
        this.#step = plain(event.step)
        this.#waits = undefined
        this.#asked = undefined
        break
      case 'request':
        this.#requests += 1
        this.#waits = undefined
        this.#asked = now
        break
      case 'answer': {
        this.#asked = undefined
        this.#answered = event.status
        const { remaining, limit } = event.rateLimit ?? {}
        if (remaining !== undefined) this.#left = { remaining, ...(limit !== undefined && { limit }) }
        break
      }
      case 'wait':
        this.#wait(event.reason, event.ms, now)
        break
      case 'step_end':
        this.#step = undefined
        this.#waits = undefined
        this.#asked = undefined
        break
    }
  }

  #wait(reason: string, ms: number | undefined, now: number): void {
    const until = ms === undefined ? undefined : now + ms
    // A step that lets time pass waits in slices, which say nothing of the whole.
    if (this.#waits?.whole === true && reason === 'poll') return
    this.#asked = undefined
    this.#waits = {
      what: reason === 'server' && this.#answered === 429 ? 'the rate limit' : (WAITS[reason] ?? 'another try'),
      since: now,
      ...(until !== undefined && { until }),
      ...(reason === 'time' && { whole: true }),
    }
  }

  /**
   * One line of at most `columns` columns.
   *
   * @param several whether the tenant must be told from others.
   */
  line(columns: number, several: boolean, now: number, paint: Paint): string {
    const note = this.#note(now)
    const parts: Part[] = [
      ...(several ? [{ text: this.#tenant, style: 'bold', rank: 0, name: true } as const] : []),
      ...(this.#step === undefined ? [] : [{ text: this.#step, style: 'cyan', rank: 0, name: true } as const]),
      ...(note === undefined ? [] : [note]),
      { text: `${this.#requests} ${this.#requests === 1 ? 'request' : 'requests'}`, style: 'dim', rank: 2 },
      ...this.#limit(),
    ]
    return drawn(fitting(parts, columns - width(HEAD)), paint)
  }

  #note(now: number): Part | undefined {
    const said = (text: string, time: string): Part => ({
      text: `${text} ${time}`,
      short: `… ${time}`,
      style: 'yellow',
      rank: 0,
    })
    if (this.#waits !== undefined) {
      const { what, since, until } = this.#waits
      return said(`waits for ${what},`, until === undefined ? `${span(now - since)} so far` : span(until - now))
    }
    // An answer that takes its time: something still goes on.
    if (this.#asked !== undefined && now - this.#asked >= SLOW) return said('no answer for', span(now - this.#asked))
    return undefined
  }

  #limit(): readonly Part[] {
    if (this.#left === undefined) return []
    const { remaining, limit } = this.#left
    const text = `${remaining}${limit === undefined ? '' : ` of ${limit}`} left`
    if (limit === undefined || limit <= 0) return [{ text, style: 'dim', rank: 1 }]
    const part = Math.min(Math.max(remaining / limit, 0), 1)
    const filled = Math.round(part * BAR)
    return [
      { text: '█'.repeat(filled) + '░'.repeat(BAR - filled), style: part > 0.2 ? 'green' : 'yellow', rank: 3 },
      { text, style: part > 0.2 ? 'dim' : 'yellow', rank: 1, joined: true },
    ]
  }
}

interface Part {
  readonly text: string
  readonly style: Parameters<Paint>[0]
  /** What there is no room for goes by rank, the highest first; rank 0 stays. */
  readonly rank: 0 | 1 | 2 | 3
  /** Says the same in fewer words. */
  readonly short?: string
  /** A name, which can be cut. */
  readonly name?: true
  /** Stands with the part before it. */
  readonly joined?: true
}

/** What a step waits for, in words. */
export const WAITS: Readonly<Record<string, string>> = {
  slot: 'the rate limit',
  server: 'the server',
  backoff: 'another try',
  poll: 'a job',
  time: 'its time',
}

const SLOW = 2_000
const BAR = 10
const HEAD = '▸ '
const GAP = ' · '
/** Columns that a name keeps as long as the rate limit is shown, and however narrow the terminal. */
const ENOUGH = 12
const LEAST = 6

/** What is said is said shorter and shorter, until it fits. */
function fitting(parts: readonly Part[], room: number): readonly Part[] {
  const without = (rank: number) => (each: readonly Part[]) => each.filter((part) => part.rank !== rank)
  const ways = [
    without(3),
    without(2),
    (each: readonly Part[]) => each.map(({ short, ...part }) => ({ ...part, text: short ?? part.text })),
    (each: readonly Part[]) => cut(each, room, ENOUGH),
    without(1),
    (each: readonly Part[]) => cut(each, room, LEAST),
  ]
  let fitted = parts
  for (const way of ways) {
    if (total(fitted) <= room) return fitted
    fitted = way(fitted)
  }
  return total(fitted) <= room ? fitted : clipped(fitted, room)
}

/** Cuts names, the longest first, down to `least` columns. */
function cut(parts: readonly Part[], room: number, least: number): readonly Part[] {
  let cutParts = parts
  for (let over = total(cutParts) - room; over > 0; over = total(cutParts) - room) {
    const [longest] = cutParts.filter((part) => part.name).sort((a, b) => width(b.text) - width(a.text))
    if (longest === undefined || width(longest.text) <= least) return cutParts
    const text = clip(longest.text, Math.max(least, width(longest.text) - over))
    cutParts = cutParts.map((part) => (part === longest ? { ...part, text } : part))
  }
  return cutParts
}

/** No room even for short names: one text, cut. */
function clipped(parts: readonly Part[], room: number): readonly Part[] {
  const text = clip(parts.map((part) => part.text).join(GAP), Math.max(room, 0))
  return [{ text, style: 'bold', rank: 0 }]
}

function total(parts: readonly Part[]): number {
  return parts.reduce((sum, part, index) => sum + width(part.text) + (index === 0 ? 0 : gapBefore(part).length), 0)
}

function gapBefore({ joined }: Part): string {
  return joined === true ? ' ' : GAP
}

function drawn(parts: readonly Part[], paint: Paint): string {
  const texts = parts.map((part, index) => (index === 0 ? '' : gapBefore(part)) + paint(part.style, part.text))
  return HEAD + texts.join('')
}

/** `2 h 5 min`, `3 min 20 s`, `4 s`; a wait that is about to end is one of a second. */
export function span(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
