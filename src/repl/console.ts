import { Readable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import { hearConsole } from '../code/index.ts'
import { learnEnvironment, processSecrets } from '../plan/index.ts'
import { askForFlow } from '../profiles/index.ts'
import { internalsOf, type Session } from '../session/index.ts'
import { bannerLines, promptText, tokenLine } from './banner.ts'
import type { ConsoleSettings, ConsoleTenants, OpenedTenant } from './command-desk.ts'
import { guardOutput } from './guard-output.ts'
import { openHistory } from './history.ts'
import { chosenPager, isLong, showPaged } from './pager.ts'
import { runPiped } from './piped.ts'
import { screenOf } from './screen.ts'
import { openSessionLog } from './session-log.ts'
import { runTerminal, signalsWhileBlocked } from './terminal.ts'
import { openWorkbench } from './workbench.ts'
import { WriteGuard } from './write-guard.ts'

/** How a console is opened. */
export interface ConsoleOptions {
  readonly session: Session
  /** Names that are there from the start, beside `auth0`: `tenant`, `connect`, … */
  readonly variables: Readonly<Record<string, unknown>>
  /** What the tenant is for: `production`, `sandbox`, … */
  readonly tag?: string
  readonly input: NodeJS.ReadStream | Readable
  readonly output: NodeJS.WriteStream
  readonly errors: NodeJS.WriteStream
  /** Code to run instead of what is typed. */
  readonly eval?: string
  /** One line of JSON for each result. */
  readonly json?: boolean
  /** Neither banner nor remarks. */
  readonly quiet?: boolean
  /** Writes are refused, and `.writes on` is as well. */
  readonly readOnly?: boolean
  /** File of the history; none is kept when left out. */
  readonly history?: string
  /** Folder of the session logs; none is kept when left out. */
  readonly logs?: string
  /** Lists as CSV. */
  readonly csv?: boolean
  /** Where results go instead of the output. */
  readonly results?: (text: string) => void
  /** File of the reader's that runs before the first prompt of a terminal. */
  readonly startup?: string
  /** The tenants that `.tenant` changes between. */
  readonly tenants?: ConsoleTenants
}

/**
 * Opens a console and waits for its end. A tenant that is tagged `production` starts without writes.
 *
 * @returns The exit code: 0 done, 1 a statement failed (piped input and `eval` alone), 130 cancelled.
 */
export async function openConsole(options: ConsoleOptions): Promise<number> {
  const { session, input, output, errors, json = false, quiet = false } = options
  let now: OpenedTenant = { session, ...(options.tag !== undefined && { tag: options.tag }) }
  const guard = new WriteGuard(options.readOnly === true)
  guard.add(session, now.tag)
  const terminal = options.eval === undefined && isTerminal(input) && output.isTTY === true
  const colours = output.isTTY === true && !json && process.env.NO_COLOR === undefined
  const log = terminal && options.logs !== undefined ? openSessionLog(options.logs) : undefined
  const history = terminal && options.history !== undefined ? openHistory(options.history) : undefined
  const settings: ConsoleSettings = { timing: false, pager: terminal ? chosenPager() : undefined }
  const print = (text: string): void => {
    const { columns = 100, rows = 24 } = output
    const paged = settings.pager !== undefined && isLong(text, columns, rows)
    if (paged && settings.pager !== undefined && showPaged(text, settings.pager, input as ReadStream)) return
    output.write(`${text}\n`)
  }
  const screen = screenOf({
    out: options.results ?? print,
    err: (text) => void errors.write(`${text}\n`),
    style: () => ({ columns: output.columns ?? 100, colours }),
    json,
    quiet,
    terminal,
    csv: options.csv === true,
    toFile: options.results !== undefined,
  })
  const bench = openWorkbench({
    session,
    variables: { auth0: session, ...options.variables, ...guard.connecting(options.variables.connect) },
    screen,
    guard,
    settings,
    ...(options.tenants !== undefined && { tenants: options.tenants }),
    moved: (opened) => {
      now = opened
    },
    ...(log !== undefined && { log }),
    ...(history !== undefined && { history }),
    ...(terminal && {
      blocking: signalsWhileBlocked(input as ReadStream),
      prompt: {
        possible: true,
        ask: (question: string, hidden: boolean) => askForFlow(question, { secret: hidden }),
      },
    }),
  })
  // A program reads these lines: what code prints becomes one of them.
  learnEnvironment(process.env)
  const silence = json
    ? hearConsole((log) => void output.write(`${JSON.stringify({ log: processSecrets().text(log) })}\n`))
    : guardOutput()
  const facts = () => ({
    domain: now.session.domain,
    writes: internalsOf(now.session).writes(),
    ...(now.tag !== undefined && { tag: now.tag }),
  })
  try {
    if (!terminal)
      return await runLines(
        () => runPiped(bench, linesOf(options), screen),
        () => bench.interrupt(),
      )
    if (!quiet && !json) {
      const token = await tokenLine(internalsOf(session), Date.now())
      const told = { ...facts(), token, ...(log !== undefined && { log: log.file }) }
      output.write(`${bannerLines(told, colours, output.columns).join('\n')}\n`)
    }
    if (options.startup !== undefined) await bench.begin(options.startup)
    await runTerminal({
      bench,
      input: input as ReadStream,
      output: output as WriteStream,
      prompt: () => promptText(facts(), colours),
      ...(history !== undefined && { recalled: history.lines }),
    })
    return 0
  } finally {
    silence()
    bench.close()
    guard.close()
  }
}

function isTerminal(input: ConsoleOptions['input']): boolean {
  return (input as Partial<ReadStream>).isTTY === true
}

function linesOf({ eval: code, input }: ConsoleOptions): Readable {
  return code === undefined ? input : Readable.from([code])
}

/** Ctrl-C, which is a signal here, cancels what runs. */
async function runLines(run: () => Promise<number>, interrupt: () => void): Promise<number> {
  process.on('SIGINT', interrupt)
  try {
    return await run()
  } finally {
    process.off('SIGINT', interrupt)
  }
}
