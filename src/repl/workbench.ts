import { readFileSync } from 'node:fs'
import { INTERRUPTED, meant, Programs } from '../code/index.ts'
import { isHelp } from '../grammar/index.ts'
import { ConfigurationError, type Execution, type HostPrompt, host, isPromise, offerHost } from '../plan/index.ts'
import { WriteHistory } from '../run/index.ts'
import type { Session } from '../session/index.ts'
import type { CommandDesk, ConsoleSettings, ConsoleTenants, OpenedTenant } from './command-desk.ts'
import { commandNamed, commandNames } from './commands.ts'
import { complete, liveIds } from './completion/index.ts'
import { type Blocking, type Engine, openEngine } from './engine.ts'
import type { History } from './history.ts'
import type { Typed } from './saved-script.ts'
import type { Screen } from './screen.ts'
import type { SessionLog } from './session-log.ts'
import { show, showRows } from './show-value.ts'
import { isExecution, type Shown } from './shown.ts'
import { withoutSecrets } from './without-secrets.ts'
import type { WriteGuard } from './write-guard.ts'

/** How a statement ended: `incomplete` wants more lines, `end` ends the console. */
export type Ran = 'ok' | 'failed' | 'cancelled' | 'incomplete' | 'end'

/** What a workbench is made of. */
export interface WorkbenchOptions {
  readonly session: Session
  /** Names that are there from the start: `auth0`, `tenant`, `connect`, … */
  readonly variables: Readonly<Record<string, unknown>>
  readonly screen: Screen
  readonly log?: SessionLog
  readonly history?: History
  readonly guard: WriteGuard
  /** Put around code that loops without a pause, so that Ctrl-C comes as a signal. */
  readonly blocking?: Blocking
  /** Asks the person in front of it, for flows and runbooks that have a question. */
  readonly prompt?: HostPrompt
  readonly settings?: ConsoleSettings
  /** The tenants that `.tenant` changes between. */
  readonly tenants?: ConsoleTenants
  /** Told when it speaks to another tenant. */
  moved?(opened: OpenedTenant): void
}

/** The console without its lines: runs statements one after the other, completes, cancels. */
export interface Workbench {
  /** Runs one statement: code, a dot command, or a bare word. */
  run(statement: string): Promise<Ran>
  /** Cancels what the present statement runs, and nothing else. */
  interrupt(): void
  readonly busy: boolean
  /** Candidates for the end of what was typed, and the part that they complete. */
  complete(typed: string): [string[], string] | Promise<[string[], string]>
  /** Says something of the console itself. */
  remark(text: string): void
  /** Runs a file of the reader's before the first statement; what fails in it is told, and the console goes on. */
  begin(file: string): Promise<void>
  /**
   * Waits for what statements have begun and not waited for.
   *
   * @returns Whether something failed that no statement waited for.
   */
  settle(): Promise<boolean>
  close(): void
}

/** Words that are commands when they stand alone, as other consoles have them. */
const BARE: Readonly<Record<string, string>> = { it: 'it', help: 'help', exit: 'exit', quit: 'exit' }

/** Opens a workbench; nothing is sent. */
export function openWorkbench(options: WorkbenchOptions): Workbench {
  const { screen, log, settings = { timing: false, pager: undefined } } = options
  let { session } = options
  const engine = openEngine(options.blocking)
  for (const [name, value] of Object.entries(options.variables)) engine.define(name, value)
  const programs = new Programs('it was cancelled in the console')
  const before = host()
  const { prompt } = options
  offerHost({ ...before, ...(prompt && { prompt }), executions: programs.executions, keepsJournals: true })
  let strays = 0
  const stray = (error: unknown): void => {
    strays += 1
    screen.failure(error)
  }
  process.on('uncaughtException', stray)
  process.on('unhandledRejection', stray)
  let ids = liveIds()
  const shown: Shown = {}
  const results = new Map<number, unknown>()
  // By its numbers from 1, as the command has them.
  const out: unknown[] = []
  engine.define('Out', out)
  const keepResult = (value: unknown): void => {
    const number = ([...results.keys()].at(-1) ?? 0) + 1
    results.set(number, value)
    out[number] = value
    if (results.size <= RESULTS) return
    results.delete(number - RESULTS)
    delete out[number - RESULTS]
  }
  const history = new WriteHistory()
  const statements: Typed[] = []
  const safe = (statement: string): string => withoutSecrets(statement, engine.variables())
  const keep = (statement: string, status: Exclude<Ran, 'incomplete'>, failure: unknown): void => {
    const { history } = options
    // What a later statement has shown to be a secret may stand in an earlier one.
    for (const each of [history, log]) each?.revise(safe)
    const text = safe(statement.trim())
    history?.add(text)
    const kind = (failure as { kind?: unknown } | undefined)?.kind
    log?.add({
      statement: text,
      status: status === 'end' ? 'ok' : status,
      operations: programs.started.map(({ operation }) => operation),
      ...(status === 'failed' && { error: typeof kind === 'string' ? kind : 'unexpected' }),
    })
  }
  const desk: CommandDesk = {
    get session() {
      return session
    },
    screen,
    settings,
    results,
    ...(options.tenants && { tenants: options.tenants }),
    shown,
    history,
    statements: () => statements.map(({ text }) => safe(text)),
    typed: () => statements.map((each) => ({ ...each, text: safe(each.text) })),
    guard: options.guard,
    show(value, drawn) {
      if (value !== undefined) keepResult(value)
      show(value, { engine, screen, shown, ids }, programs.started, drawn)
    },
    showRows: (list) => showRows(list, { engine, screen, shown, ids }),
    follow: (execution) => follow(execution, screen),
    signal() {
      const controller = new AbortController()
      programs.onInterrupt(() => controller.abort())
      return controller.signal
    },
    switchTo(opened) {
      session = options.guard.moveTo(opened.session, opened.tag)
      engine.define('auth0', session)
      // What was shown before speaks to the tenant before.
      delete shown.plan
      delete shown.list
      ids = liveIds()
      options.moved?.(opened)
    },
  }

  async function carryOut(statement: string, isCancelled: () => boolean): Promise<Ran> {
    const command = commandIn(statement, engine)
    if (command !== undefined) {
      const known = commandNamed(command.name)
      if (command.argument !== '' && !/[ [A-Z]/.test(known.usage)) {
        throw new ConfigurationError(
          `${known.usage} takes nothing, and "${command.argument}" would be left out. Nothing was done.`,
        )
      }
      if (command.name === 'exit') return 'end'
      await known.run(command.argument, desk)
      return 'ok'
    }
    const outcome = await engine.evaluate(statement, () => !isCancelled())
    if (outcome.status === 'incomplete') return 'incomplete'
    if (outcome.status === 'error') throw outcome.error
    const value = await settled(outcome.value, screen)
    if (!isCancelled()) desk.show(value)
    const hint = value === undefined ? meantByNothing(statement, engine) : undefined
    if (hint !== undefined) screen.remark(hint)
    return 'ok'
  }

  let present = { isCancelled: false }
  const cancel = (): readonly string[] => {
    present.isCancelled = true
    return programs.interrupt()
  }
  return {
    async run(statement) {
      if (statement.trim() === '') return 'ok'
      const here = { isCancelled: false }
      present = here
      const began = performance.now()
      const planBefore = shown.plan
      let failure: unknown
      const ran = await programs.runOrLeave(() =>
        carryOut(statement, () => here.isCancelled).catch((error: unknown): Ran => {
          failure = error
          // The signal met code that did not pause; what it had started by then runs on unless it is ended as well.
          if (wasInterrupted(error)) screen.remark(['Interrupted.', ...cancelledText(cancel())].join(' '))
          return 'failed'
        }),
      )
      if (ran === 'incomplete') return ran
      const status = ran === INTERRUPTED || (here.isCancelled && ran !== 'end') ? 'cancelled' : ran
      const plan = shown.plan !== undefined && shown.plan !== planBefore
      statements.push({ text: statement.trim(), status: status === 'end' ? 'ok' : status, plan })
      if (status === 'failed') {
        // What was shown before is not what the reader has in mind after a mistake: .run must not send it.
        if (!onlyLooks(statement, engine)) delete shown.plan
        engine.define('_error', failure)
        screen.failure(failure, meant(messageOf(failure), { code: statement, variables: engine.variables() }))
      }
      keep(statement, status, failure)
      if (settings.timing && status !== 'end') screen.remark(`Time: ${(performance.now() - began).toFixed(1)} ms`)
      return status
    },
    remark: screen.remark,
    async begin(file) {
      const outcome = await programs.runOrLeave(() => engine.evaluate(readFileSync(file, 'utf8')))
      if (outcome === INTERRUPTED || outcome.status === 'value') return
      screen.remark(`${file} stopped, and the console goes on without the rest of it:`)
      screen.failure(
        outcome.status === 'error' ? outcome.error : new ConfigurationError('A bracket or quote in it is left open.'),
      )
    },
    interrupt() {
      if (!programs.busy && !programs.running) return
      const names = cancel()
      screen.remark(names.length > 0 ? cancelledText(names).join(' ') : 'Stopped waiting. No plan was running.')
    },
    get busy() {
      return programs.busy
    },
    complete(typed) {
      const argumentsOf = (command: string): readonly string[] =>
        command === 'tenant' ? (options.tenants?.names() ?? []) : (CHOICES[command] ?? [])
      return complete(typed, { variables: engine.variables(), commands: commandNames(), ids, argumentsOf })
    },
    async settle() {
      await programs.settled()
      // What nobody waits for is told in a turn of its own.
      for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      return strays > 0
    },
    close() {
      history.close()
      process.off('uncaughtException', stray)
      process.off('unhandledRejection', stray)
      offerHost(before)
    },
  }
}

/** Commands that send no write: after one that failed, the reader still has in mind what was shown. */
const LOOKS = [
  'explain',
  'diff',
  'curl',
  'scopes',
  'json',
  'csv',
  'save',
  'limits',
  'changes',
  'find',
  'history',
  'help',
]

function onlyLooks(statement: string, engine: Engine): boolean {
  return LOOKS.includes(commandIn(statement, engine)?.name ?? '')
}

/** Results that can be shown again. */
const RESULTS = 100
/** What may follow a command. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  writes: ['on', 'off'],
  timing: ['on', 'off'],
  pager: ['on', 'off'],
}

/** What names that lead to nothing may have meant: no error tells of them. */
function meantByNothing(statement: string, engine: Engine): string | undefined {
  const [, name] = /^\s*(?:await\s+)?[\w$(][\s\S]*\.\s*([\w$]+)\s*;?\s*$/.exec(statement) ?? []
  if (name === undefined) return undefined
  return meant(`.${name} is not a function`, { code: statement, variables: engine.variables() })
}

function messageOf(failure: unknown): string {
  const { message } = (failure ?? {}) as { readonly message?: unknown }
  return typeof message === 'string' ? message : ''
}

function cancelledText(names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`Cancelled ${[...new Set(names)].join(', ')}, and nothing else.`]
}

function wasInterrupted(failure: unknown): boolean {
  return (failure as { readonly code?: unknown } | undefined)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED'
}

function commandIn(statement: string, engine: Engine): { name: string; argument: string } | undefined {
  const trimmed = statement.trim()
  const dotted = /^\.([a-z]\w*)(?:\s+([\s\S]*))?$/i.exec(trimmed)
  if (dotted !== null) return { name: dotted[1] ?? '', argument: (dotted[2] ?? '').trim() }
  // A variable of that name is the reader's own.
  const bare = Object.hasOwn(BARE, trimmed) && !Object.hasOwn(engine.variables(), trimmed) ? BARE[trimmed] : undefined
  return bare === undefined ? undefined : { name: bare, argument: '' }
}

/** Waits for what needs waiting: a run for its value, a promise for what it brings. Plans are not run. */
async function settled(value: unknown, screen: Screen): Promise<unknown> {
  if (isExecution(value)) return follow(value, screen)
  return isHelp(value) || isPromise(value) ? await value : value
}

/** Waits for a run, and says what it waits for. */
async function follow(execution: Execution<unknown>, screen: Screen): Promise<unknown> {
  execution.events.subscribe({
    next(event) {
      if (event.kind === 'retry' || (event.kind === 'wait' && (event.ms ?? LONG) >= LONG)) screen.event(event)
    },
    // The promise tells the end.
    error() {},
  })
  return await execution
}

/** Milliseconds: a shorter wait is over before it is read. */
const LONG = 400
