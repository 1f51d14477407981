import { clip, durationText, type Paint, plain, width } from '../../display/index.ts'
import { itemsTexts, type RunAccount } from './account.ts'

/**
 * What a terminal says of a run that goes on, in one line of at most `columns` columns: its step, what it waits for, and
 * what is left of the rate limit.
 *
 * @param several whether the tenant must be told from others.
 * @param now milliseconds since the epoch.
 */
export function statusLine(
  account: RunAccount,
  { columns, several, now }: { readonly columns: number; readonly several: boolean; readonly now: number },
  paint: Paint,
): string {
  const { present, requests } = account
  const parts: Part[] = [
    ...(several ? [{ text: plain(account.tenant), style: 'bold', rank: 0, name: true } as const] : []),
    ...(present === undefined ? [] : [{ text: plain(present.step), style: 'cyan', rank: 0, name: true } as const]),
    ...itemsOf(account),
    ...noteOf(account, now),
    { text: `${requests} ${requests === 1 ? 'request' : 'requests'}`, style: 'dim', rank: 2 },
    ...limitOf(account),
  ]
  return drawn(fitting(parts, columns - width(HEAD)), paint)
}

function noteOf({ wait, asked, answered }: RunAccount, now: number): readonly Part[] {
  const said = (text: string, time: string): readonly Part[] => [
    { text: `${text} ${time}`, short: `… ${time}`, style: 'yellow', rank: 0 },
  ]
  if (wait !== undefined) {
    const { reason, since, until } = wait
    const what = reason === 'server' && answered === 429 ? 'the rate limit' : (WAITS[reason] ?? 'another try')
    return said(`waits for ${what},`, until === undefined ? `${countdown(now - since)} so far` : countdown(until - now))
  }
  // An answer that takes its time: something still goes on.
  return asked !== undefined && now - asked >= SLOW ? said('no answer for', countdown(now - asked)) : []
}

function itemsOf({ items }: RunAccount): readonly Part[] {
  if (items === undefined) return []
  const { count, rate, left } = itemsTexts(items)
  return [
    { text: count, style: items.failed > 0 ? 'yellow' : 'green', rank: 0 },
    ...(rate === undefined ? [] : [{ text: rate, style: 'dim', rank: 2 } as const]),
    ...(left === undefined ? [] : [{ text: left, style: 'dim', rank: 1 } as const]),
  ]
}

function limitOf({ bucket }: RunAccount): readonly Part[] {
  const { remaining, limit } = bucket ?? {}
  if (remaining === undefined) return []
  const text = `${remaining}${limit === undefined ? '' : ` of ${limit}`} left`
  if (limit === undefined || limit <= 0) return [{ text, style: 'dim', rank: 1 }]
  const part = Math.min(Math.max(remaining / limit, 0), 1)
  const filled = Math.round(part * BAR)
  return [
    { text: '█'.repeat(filled) + '░'.repeat(BAR - filled), style: part > 0.2 ? 'green' : 'yellow', rank: 3 },
    { text, style: part > 0.2 ? 'dim' : 'yellow', rank: 1, joined: true },
  ]
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

/** The rest of a wait, in whole seconds; one that is about to end is one of a second. */
export function countdown(ms: number): string {
  return durationText(Math.max(1, Math.ceil(ms / 1000)) * 1000)
}
