import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { meant } from '../../code/index.ts'
import { bundleOf } from '../../display/index.ts'
import { type CallingLine, callingLine } from '../../pipeline/index.ts'
import { isTenantlabError, messageOf } from '../../plan/index.ts'
import { writeWhole } from '../../profiles/index.ts'
import {
  DecisionError,
  DriftError,
  EVENTS_VERSION,
  EXITS,
  type NextStep,
  Redactor,
  type RunEvent,
  type RunListener,
  statusOf,
} from '../../run/index.ts'
import {
  githubReport,
  humanReport,
  isContinuous,
  jsonReport,
  markdownReport,
  type Onward,
  ParameterError,
  parameterFlag,
  placeText,
  type Report,
  standardScreen,
} from '../../runbook/index.ts'
import { version } from '../../session/index.ts'
import { MISUSE, MisuseError, textOf, type Values } from '../words/index.ts'
import { fresh } from './fresh.ts'

/** Where a command writes. */
export interface Streams {
  /** A line of the standard output. */
  write(text: string): void
  /** A line of the standard error output. */
  warn(text: string): void
}

/** How the runs of a command are told: as JSON where asked for, in GitHub's form in its runners, else for people. */
export class Output {
  /** Knows every secret of the command, so that nothing that is told shows one. */
  readonly redactor = new Redactor()
  /** Whether events are told to a program. */
  readonly json: boolean
  /** Tenants that are told of; set before the first event. */
  tenants = 1
  /** File of the Markdown report. */
  #reportFile: string | undefined
  readonly #streams: Streams
  readonly #events: RunEvent[] = []
  #made: Report | undefined
  #clear: (() => void) | undefined

  constructor(json: boolean, streams: Streams) {
    this.json = json
    this.#streams = streams
  }

  /**
   * Takes the file of the Markdown report from the options.
   *
   * @throws MisuseError where it is there already.
   */
  reportTo(values: Values): void {
    const path = textOf(values, 'report')
    if (path !== undefined) this.#reportFile = resolve(fresh(path, '--report', values))
  }

  readonly listener: RunListener = (event) => {
    this.#tell(event)
    // A person may have to read what only a program is told.
    if (event.type === 'run_end' && event.message !== undefined && this.json) this.#streams.warn(event.message)
  }

  /** Tells a person where something is; a program has it in the events. */
  note(text: string): void {
    this.#report.note(this.redactor.text(text))
  }

  /** What code prints by itself: without a secret, and to a person, as a program reads events alone. */
  printed(line: string): void {
    if (this.json) this.warned(line)
    else this.note(line)
  }

  /** What code warns of, without a secret. */
  warned(line: string): void {
    this.pause()
    this.#streams.warn(this.redactor.text(line))
    this.resume()
  }

  pause(): void {
    this.#report.pause()
  }

  resume(): void {
    this.#report.resume()
  }

  /**
   * Tells why a run could not begin, as its events and as a sentence.
   *
   * @param tenant where it is known.
   * @returns The exit code.
   */
  refuse(error: unknown, tenant = ''): number {
    const status = statusOf(error)
    const exitCode = error instanceof MisuseError || error instanceof ParameterError ? MISUSE : EXITS[status]
    // A run that ended on its way, such as one whose journal cannot be written, has told that itself.
    if (this.#events.some((event) => event.type === 'run_end' && event.tenant === tenant)) return exitCode
    const at = new Date().toISOString()
    const message = this.redactor.text(`${messageOf(error)}${nextOf(error)}`)
    const place = isTenantlabError(error) ? undefined : (unreadablePlace(error) ?? callingLine(error))
    const tell = (event: RunEvent): void => this.#tell(JSON.parse(this.redactor.text(JSON.stringify(event))))
    if (error instanceof DriftError) tell({ type: 'drift', drifts: error.drifts, tenant, at })
    tell({ type: 'run_end', status, exitCode, summary: NOTHING, message, ...(place && { place }), tenant, at })
    if (this.json || !isGithub()) {
      // A stop is no mistake: it needs no more than its sentence.
      const card =
        status !== 'failed' || exitCode === MISUSE
          ? undefined
          : isTenantlabError(error)
            ? bundleOf(error)['text/plain']
            : cardOf(error, place)
      this.pause()
      this.#streams.warn(card === undefined ? message : this.redactor.text(card))
      this.resume()
    }
    return exitCode
  }

  /** Ends what moves on the screen, and writes what is written at the end. */
  close(): void {
    this.#made?.close()
    this.#clear?.()
    if (this.#events.length === 0) return
    const text = this.redactor.text(markdownReport(this.#events))
    if (this.#reportFile !== undefined) writeWhole(this.#reportFile, text)
    const { GITHUB_STEP_SUMMARY: summary } = process.env
    if (isGithub() && summary !== undefined && summary !== '') appendFileSync(summary, text)
  }

  #tell(event: RunEvent): void {
    const told = event.type === 'run_end' ? withMeaning(event) : event
    this.#events.push(told)
    this.#report.hear(told)
  }

  /** Made when there is something to tell: a script tells everything itself. */
  get #report(): Report {
    if (this.#made !== undefined) return this.#made
    const { write } = this.#streams
    const several = this.tenants > 1
    if (this.json) this.#made = jsonReport(write, { events: EVENTS_VERSION, tenantlab: version })
    else if (isGithub()) this.#made = githubReport(write, this.redactor, several, onward)
    else {
      const made = humanReport(standardScreen(), several, onward)
      this.#made = made
      // However the process ends, its last lines are not left half drawn.
      const clear = (): void => made.close()
      process.once('exit', clear)
      this.#clear = () => process.off('exit', clear)
    }
    return this.#made
  }
}

/** The end of a run that code with a mistyped name has stopped, with the name that was meant. */
function withMeaning<T extends { readonly message?: string; readonly place?: CallingLine }>(end: T): T {
  const hint = end.message === undefined ? undefined : hintAt(end.message, end.place)
  return hint === undefined ? end : { ...end, message: `${end.message}. ${hint}` }
}

/** What a failed line of a file may have meant. */
function hintAt(message: string, place: CallingLine | undefined): string | undefined {
  // A file that cannot be linked has no line that failed.
  if (place === undefined || !existsSync(place.file)) return meant(message, { code: '' })
  return meant(message, { code: readFileSync(place.file, 'utf8'), line: place.line })
}

/** How this command says what can be done about a run that did not end well. */
const onward: Onward = ({ journal }) => [
  '  Once that is fixed, continue the run with --resume.',
  `  Or undo what was done: tenantlab undo ${journal}`,
]

/** How this command says what can be done about a stop. */
function nextOf(error: unknown): string {
  if (error instanceof ParameterError) {
    const ways = error.parameters.map((parameter) => `${parameterFlag(parameter)}, or ${parameter.variable}`)
    return ways.length === 0 ? '' : ` Give ${ways.join('; ')}. --help tells all parameters.`
  }
  if (!(error instanceof DecisionError)) return ''
  const { next, journal } = error
  if (next === 'resume' && journal !== undefined)
    return ` Continue it with --resume --journal ${journal}, or begin another with --again.`
  return next === undefined || error.message.includes('--') ? '' : ` ${NEXT[next]}`
}

const NEXT: Readonly<Record<NextStep, string>> = {
  resume: 'Continue it with --resume, or begin another with --again.',
  again: 'Do it once more with --again.',
  settle: 'Say it with --resume --assume-done STEP or --resume --assume-lost STEP.',
  confirm: 'Answer it on a terminal, or with --yes.',
}

/** Where a file is no TypeScript, as the reader of TypeScript tells it. */
function unreadablePlace(error: unknown): CallingLine | undefined {
  if (!(error instanceof SyntaxError)) return undefined
  const [, file, line, column] = /^Error transforming (\/.+?): .* \((\d+):(\d+)\)$/s.exec(error.message) ?? []
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) }
}

/** A mistake in the code of a file: what it is and where, without the frames of this package. */
function cardOf(error: unknown, place: CallingLine | undefined): string {
  const { name, message } = error instanceof Error ? error : { name: 'Thrown', message: String(error) }
  const what = message.replace(/^Error transforming \/.+?: (.*) \(\d+:\d+\)$/s, '$1')
  const at = place === undefined ? '' : `\n    at ${placeText(place)}`
  const hint = hintAt(what, place)
  return `${name}: ${what}${at}${hint === undefined ? '' : `\n${hint}`}\nThe file stopped there. Correct it, and run the command again.`
}

const NOTHING = { steps: 0, requests: 0, written: 0, pending: 0, skipped: 0, recorded: 0 }

function isGithub(): boolean {
  return process.env.GITHUB_ACTIONS === 'true'
}

/** True where a person can be asked: a terminal on both sides, no CI, and no program that reads the output. */
export function isAttended(json: boolean): boolean {
  return !json && process.stdin.isTTY === true && process.stdout.isTTY === true && !isContinuous()
}
