import { LiveDisplay, type LiveSurroundings, usualSurroundings } from '../../display/index.ts'
import type { Ask, RunEvent, RunListener } from '../../run/index.ts'
import { RunAccount } from './account.ts'
import { showRun } from './card.ts'
import type { Report, Screen } from './contract.ts'
import { humanReport } from './human.ts'
import { standardScreen } from './screen.ts'

/**
 * How `liveReport()` tells.
 *
 * @example
 * liveReport({ several: true })
 */
export interface LiveReportOptions {
  /** True where it hears the runs of several tenants, so that each line names its own. */
  readonly several?: boolean
}

/**
 * A listener for `runRunbook()` that shows a run while it goes on: in a notebook as one display that changes in place,
 * and ends as the table of the steps; on a terminal as lines above one that changes; in a file or a pipe as lines.
 *
 * @returns The listener; one serves several runs, also side by side.
 * @example
 * const runbook = defineRunbook({
 *   name: 'roles',
 *   async *steps({ auth0, step }) {
 *     yield* step('list', auth0.roles.list())
 *   },
 * })
 * await runRunbook(runbook, auth0, { listener: liveReport() })
 */
export function liveReport(options: LiveReportOptions = {}): RunListener {
  return liveReportIn(usualSurroundings(), options)
}

const pausable = new WeakMap<RunListener, Pick<Report, 'pause' | 'resume'>>()

/** Has a question stand alone on the screen: what a live report would draw meanwhile waits. */
export function askingAlone(ask: Ask, listener: RunListener | undefined): Ask {
  const place = listener && pausable.get(listener)
  if (place === undefined) return ask
  return async (question) => {
    place.pause()
    try {
      return await ask(question)
    } finally {
      place.resume()
    }
  }
}

/** The same in given surroundings. */
export function liveReportIn(
  around: LiveSurroundings,
  { several = false }: LiveReportOptions = {},
  screen: Screen = standardScreen(),
): RunListener {
  return around.target.kind === 'notebook' ? inNotebook(around) : inLines(() => humanReport(screen, several))
}

/** Milliseconds after which a countdown is drawn anew. */
const TICK = 1000

/** One run that is shown. */
class Shown {
  readonly #account = new RunAccount()
  readonly #display: LiveDisplay
  readonly #around: LiveSurroundings
  #stopTicking: (() => void) | undefined

  constructor(first: RunEvent, around: LiveSurroundings) {
    this.#around = around
    this.#account.take(first)
    this.#display = new LiveDisplay(() => {
      const { journal } = this.#account
      return showRun(this.#account, journal === undefined ? {} : { journal })
    }, around)
  }

  hear(event: RunEvent): void {
    this.#account.take(event)
    if (event.type === 'run_end') this.close()
    else {
      this.#display.change()
      this.#tick()
    }
  }

  close(): void {
    this.#stopTicking?.()
    this.#display.close()
  }

  #tick(): void {
    this.#stopTicking?.()
    this.#stopTicking = undefined
    if (this.#account.wait?.until === undefined) return
    this.#stopTicking = this.#around.after(TICK, () => {
      this.#display.change()
      this.#tick()
    })
  }
}

function inNotebook(around: LiveSurroundings): RunListener {
  const shown = new Map<string, Shown>()
  return (event) => {
    const { tenant } = event
    if (event.type === 'run_start') {
      shown.get(tenant)?.close()
      shown.set(tenant, new Shown(event, around))
      return
    }
    shown.get(tenant)?.hear(event)
    if (event.type === 'run_end') shown.delete(tenant)
  }
}

function inLines(open: () => Report): RunListener {
  let report: Report | undefined
  const running = new Set<string>()
  const listener: RunListener = (event) => {
    const { tenant, type } = event
    if (type === 'run_start') running.add(tenant)
    report ??= open()
    report.hear(event)
    if (type === 'run_end') running.delete(tenant)
    if (running.size > 0) return
    // Nothing that moves is left on the screen between two runs.
    report.close()
    report = undefined
  }
  pausable.set(listener, { pause: () => report?.pause(), resume: () => report?.resume() })
  return listener
}
