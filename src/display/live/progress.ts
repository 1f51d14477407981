import type { ItemCount, PlanEvent, RateLimitState } from '../../plan/index.ts'
import { messageOf } from '../../plan/index.ts'
import type { Block, Card } from '../card.ts'
import { fields, notes } from '../card.ts'
import type { Look } from '../look.ts'
import { lookOf } from '../look.ts'
import { countText, eventLine, showError } from '../looks/index.ts'
import { durationText } from '../summary.ts'

/** How far a run has come, by the events that it has told. */
export class Progress {
  readonly #operation: string
  readonly #now: () => number
  #status: 'running' | 'ok' | 'error' = 'running'
  #first: number | undefined
  #last: number | undefined
  #heard = 0
  #requests = 0
  #retries = 0
  #waits = 0
  #pages = 0
  #items: number | undefined
  #total: number | undefined
  /** Items of an `each`: the flow's own, not those of a flow within it. */
  #visited: (ItemCount & { readonly of?: string; readonly at: number }) | undefined
  #bucket: RateLimitState | undefined
  #nextAt: number | undefined
  #line: string | undefined
  #error: unknown

  /**
   * @param operation What runs: `users.list`.
   * @param now Milliseconds of a clock that never goes back; it only measures how old the last event is.
   */
  constructor(operation: string, now: () => number) {
    this.#operation = operation
    this.#now = now
  }

  take(event: PlanEvent<unknown>): void {
    this.#first ??= event.at
    this.#last = event.at
    this.#heard = this.#now()
    this.#nextAt = undefined
    if (event.kind !== 'value') this.#line = eventLine(event)
    switch (event.kind) {
      case 'attempt':
        this.#requests += 1
        break
      case 'response':
        this.#bucket = event.rateLimit ?? this.#bucket
        if (event.rateLimit?.remaining === 0) this.#nextAt = event.rateLimit.resetAt
        break
      case 'retry':
        this.#retries += 1
        this.#nextAt = event.at + event.delay
        break
      case 'wait':
        this.#waits += 1
        if (event.ms !== undefined) this.#nextAt = event.at + event.ms
        break
      case 'page':
        this.#pages = event.page
        this.#items = event.collected
        this.#total = event.total ?? this.#total
        break
      case 'item':
        if (this.#visited?.of === this.#operation && event.operation !== this.#operation) break
        this.#visited = { ...event, ...(event.operation !== undefined && { of: event.operation }) }
        break
      default:
    }
  }

  succeed(): void {
    this.#status = 'ok'
  }

  fail(error: unknown): void {
    this.#status = 'error'
    this.#error = error
  }

  /** True while there is a countdown to show. */
  get counts(): boolean {
    return this.#status === 'running' && this.#nextAt !== undefined
  }

  look(): Look {
    return lookOf(
      () => this.#card(),
      () => this.#data(),
    )
  }

  #card(): Card {
    const words = { running: 'running', ok: 'done', error: 'failed' }[this.#status]
    const items = this.#itemsText()
    const { limit, remaining } = this.#bucket ?? {}
    const blocks: Block[] = []
    const visited = this.#visited
    if (visited?.total !== undefined && visited.total > 0) {
      const left = Math.max(visited.total - visited.done - visited.failed, 0)
      blocks.push({ kind: 'gauges', gauges: [{ name: 'to come', left, size: visited.total, done: true }] })
    } else if (this.#items !== undefined && this.#total !== undefined && this.#total > 0) {
      const left = Math.max(this.#total - this.#items, 0)
      blocks.push({ kind: 'gauges', gauges: [{ name: 'to come', left, size: this.#total, done: true }] })
    }
    blocks.push(
      fields(
        ['items', visited === undefined ? items : countText(visited)],
        ['pages', this.#pages === 0 ? undefined : String(this.#pages)],
        ['rate', this.#rateText()],
        ['time left', this.#status === 'running' ? this.#leftText() : undefined],
        ['requests', String(this.#requests)],
        ['retries', this.#retries === 0 ? undefined : String(this.#retries)],
        ['waits', this.#waits === 0 ? undefined : String(this.#waits)],
        [
          'rate limit',
          remaining === undefined ? undefined : `${remaining}${limit === undefined ? '' : ` of ${limit}`} left`,
        ],
        ['next request', this.#status === 'running' ? this.#nextText() : undefined],
        ['took', this.#status === 'running' ? undefined : durationText((this.#last ?? 0) - (this.#first ?? 0))],
        ['now', this.#status === 'running' ? this.#line : undefined],
      ),
    )
    if (this.#status === 'error') blocks.push(...notes('bad', [showError(this.#error).line(), messageOf(this.#error)]))
    const left = visited === undefined || this.#status !== 'running' ? undefined : this.#leftText()
    const counts = visited === undefined ? items : [countText(visited), ...(left ? [`${left} left`] : [])].join(', ')
    const title = [this.#operation, words, ...(counts === undefined ? [] : [counts])].join(' · ')
    return { title, tone: this.#status === 'ok' ? 'good' : this.#status === 'error' ? 'bad' : 'plain', blocks }
  }

  #data(): Record<string, unknown> {
    return {
      operation: this.#operation,
      status: this.#status,
      requests: this.#requests,
      retries: this.#retries,
      waits: this.#waits,
      ...(this.#items === undefined ? {} : { items: this.#items, pages: this.#pages }),
      ...(this.#total === undefined ? {} : { total: this.#total }),
      ...(this.#visited === undefined ? {} : { done: this.#visited.done, failed: this.#visited.failed }),
      ...(this.#bucket === undefined ? {} : { rateLimit: this.#bucket }),
      ...(this.#status === 'error' ? { error: showError(this.#error).json() } : {}),
    }
  }

  #itemsText(): string | undefined {
    if (this.#items === undefined) return undefined
    const count = `${this.#items} ${this.#items === 1 ? 'item' : 'items'}`
    return this.#total === undefined ? count : `${this.#items} of ${this.#total} items`
  }

  /** Items per second where there are some, else requests. */
  #rateText(): string | undefined {
    const span = (this.#last ?? 0) - (this.#first ?? 0)
    if (span <= 0) return undefined
    if (this.#visited !== undefined) return `${perSecond(endedOf(this.#visited), span)} items per second`
    const [count, unit] = this.#items === undefined ? [this.#requests, 'requests'] : [this.#items, 'items']
    return `${perSecond(count, span)} ${unit} per second`
  }

  /** How long the rest takes at the pace so far. */
  #leftText(): string | undefined {
    const { total, at } = this.#visited ?? {}
    const span = (at ?? 0) - (this.#first ?? 0)
    if (total === undefined || this.#visited === undefined || span <= 0) return undefined
    const ended = endedOf(this.#visited)
    return ended === 0 || ended >= total ? undefined : durationText(((total - ended) * span) / ended)
  }

  #nextText(): string | undefined {
    if (this.#nextAt === undefined || this.#last === undefined) return undefined
    const left = this.#nextAt - this.#last - (this.#now() - this.#heard)
    return left <= 0 ? 'now' : `in ${durationText(left)}`
  }
}

function endedOf({ done, failed }: ItemCount): number {
  return done + failed
}

function perSecond(count: number, ms: number): number {
  return Number(((count * 1000) / ms).toPrecision(2))
}
