import { type Clock, systemClock } from '../../plan/index.ts'
import type { Screen } from './contract.ts'

/** Least milliseconds between two drawings that no new line asks for. */
const PACE = 100
/** Milliseconds after which a countdown is drawn anew. */
const TICK = 500

/** The machine's clock, whose timers end with the process: a view alone keeps none alive. */
const idleClock: Clock = {
  now: systemClock.now,
  after(ms, task) {
    const timer = setTimeout(task, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/**
 * The last lines of a terminal, drawn over themselves below a log that grows. Where the screen is no terminal there is
 * only the log.
 */
export class View {
  readonly #screen: Screen
  readonly #clock: Clock
  readonly #lines: (columns: number, rows: number) => readonly string[]
  readonly #measure: (line: string) => number
  #drawn: readonly string[] = []
  #at = Number.NEGATIVE_INFINITY
  #held: string[] | undefined
  #cancel: (() => void) | undefined
  #forget: (() => void) | undefined
  #closed = false

  /**
   * @param lines makes the present lines, none wider than `columns` and at most `rows`.
   * @param measure columns that a line takes.
   */
  constructor(
    screen: Screen,
    lines: (columns: number, rows: number) => readonly string[],
    measure: (line: string) => number,
  ) {
    this.#screen = screen
    this.#clock = screen.clock ?? idleClock
    this.#lines = lines
    this.#measure = measure
    if (screen.size !== undefined) this.#forget = screen.resized?.(() => this.#draw([]))
  }

  get now(): number {
    return this.#clock.now()
  }

  /** Adds lines to the log. */
  log(lines: readonly string[]): void {
    if (this.#held !== undefined) this.#held.push(...lines)
    else if (lines.length > 0) this.#draw(lines)
    else this.change()
  }

  /** Draws soon. */
  change(): void {
    if (this.#closed || this.#held !== undefined || this.#screen.size === undefined) return
    const left = this.#at + PACE - this.#clock.now()
    if (left <= 0) this.#draw([])
    else this.#wake(left)
  }

  /** Takes the lines away, so that something else can stand there. */
  pause(): void {
    if (this.#held !== undefined || this.#closed) return
    this.#held = []
    this.#sleep()
    this.#write(this.#erased())
    this.#drawn = []
  }

  /** Tells what was held back, and goes on. */
  resume(): void {
    if (this.#held === undefined) return
    const held = this.#held
    this.#held = undefined
    this.#draw(held)
  }

  /** Takes the lines away for good. */
  close(): void {
    if (this.#closed) return
    this.resume()
    this.#closed = true
    this.#sleep()
    this.#forget?.()
    this.#write(this.#erased())
    this.#drawn = []
  }

  #draw(log: readonly string[]): void {
    const { size } = this.#screen
    if (size === undefined || this.#closed || this.#held !== undefined) {
      if (this.#held !== undefined) this.#held.push(...log)
      else this.#write(log.map((line) => `${line}\n`).join(''))
      return
    }
    const { columns, rows } = size()
    const lines = this.#lines(Math.max(columns - MARGIN, 1), Math.max(rows - 1, 1))
    this.#at = this.#clock.now()
    if (log.length > 0 || lines.join('\n') !== this.#drawn.join('\n')) {
      // One write, so that nothing is seen half drawn.
      this.#write(`${this.#erased()}${log.map((line) => `${line}\n`).join('')}${lines.join('\n')}`)
      this.#drawn = lines
    }
    if (lines.length > 0) this.#wake(TICK)
    else this.#sleep()
  }

  /** What takes away the lines that stand there; a terminal that has become narrower shows them over more rows. */
  #erased(): string {
    if (this.#drawn.length === 0) return ''
    const { columns } = this.#screen.size?.() ?? { columns: Number.POSITIVE_INFINITY }
    const rows = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(this.#measure(line) / columns)), 0)
    return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}\u001b[J`
  }

  #write(text: string): void {
    if (text !== '') this.#screen.write(text)
  }

  #wake(ms: number): void {
    this.#sleep()
    this.#cancel = this.#clock.after(ms, () => {
      this.#cancel = undefined
      this.#draw([])
    })
  }

  #sleep(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}

/** Columns that stay free, so that a terminal's echo of Ctrl-C breaks no line. */
const MARGIN = 3
