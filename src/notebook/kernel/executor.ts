import { createRequire } from 'node:module'
import { join } from 'node:path'
import { format, inspect } from 'node:util'
import type { FailedCode } from '../../code/index.ts'
import { bundleOf } from '../../display/index.ts'
import { isTenantlabError } from '../../plan/index.ts'
import type { CellLines } from './cell-lines.ts'
import type { KernelPrograms } from './interrupts.ts'
import type { Completions, ExecutorModule } from './tslab.ts'

const JUPYTER = Symbol.for('Jupyter.display')

/** What a cell ended in, beside its status. */
interface LastError {
  readonly name: string
  readonly message: string
  readonly printed: string
}

/** What became of the cell that runs: the parts of the profile tell each other by it. */
export class CellState {
  error: LastError | undefined
  /** The value of the last expression, in its media types. */
  result: Readonly<Record<string, unknown>> | undefined
  /** Its number; 0 before the first. */
  count = 0
  /** True where a server sends results and errors as messages of their own. */
  hasServer = false

  /** The cells that ran well, and the one that runs. */
  #code: readonly string[] = []

  /** Takes the code of a cell that begins. */
  enter(source: string): void {
    this.#code = [...(this.error === undefined ? this.#code : this.#code.slice(0, -1)), source]
    this.error = undefined
  }

  /** What the cell that failed may have meant, on a line of its own; empty where its message is about something else. */
  hintFor(message: string): string {
    if (message.includes('Did you mean') || message.includes(' does not exist: write ')) return ''
    const code = this.#code.join('\n')
    const hint = meaningOf()(message, { code, line: code.split('\n').length })
    return hint === undefined ? '' : `\n${hint}`
  }

  /** Called by the server before a cell runs. */
  begin(count: number): void {
    this.hasServer = true
    this.count = count
  }

  fail(name: string, message: string, printed: string): void {
    const before = this.error === undefined ? '' : `${this.error.printed}\n`
    this.error = { name, message: this.error?.message ?? message, printed: before + printed }
  }
}

/** What nobody caught, such as in a timer, is told with the lines of cells, as what a cell throws. */
function tellUncaught(lines: CellLines): void {
  for (const [event, said] of [
    ['uncaughtException', 'UncaughtException:'],
    ['unhandledRejection', 'UnhandledPromiseRejection:'],
  ] as const) {
    process.removeAllListeners(event)
    process.on(event, (reason: unknown) =>
      console.error(said, reason instanceof Error ? lines.mapped(inspect(reason)) : reason),
    )
  }
}

/**
 * Shows the last value of a cell in all its media types, prints errors with the lines of cells and without the frames of
 * others, and passes an interrupt on to the plans that run.
 */
export function patchExecutor(
  module: ExecutorModule,
  state: CellState,
  programs: KernelPrograms,
  lines: CellLines,
): void {
  const create = module.createExecutor
  module.createExecutor = (folder, converters, says) => {
    // The kernel listens as soon as it has its executor.
    setImmediate(() => tellUncaught(lines))
    const executor = create(folder, converters, {
      log(...values) {
        const bundle = values.length === 1 ? richBundle(values[0]) : undefined
        if (state.hasServer) state.result = bundle ?? { 'text/plain': format(...values) }
        else if (bundle === undefined) says.log(...values)
        else lines.display?.({ data: bundle, metadata: {}, transient: {} })
      },
      error(...values) {
        const [first, file, ...more] = values
        if (first instanceof Error) {
          const printed = programs.explains(first) ?? lines.mapped(inspect(first)) + state.hintFor(first.message)
          state.fail(first.name, first.message, printed)
          return state.hasServer ? undefined : says.error(printed)
        }
        // What the compiler finds comes as a pattern and its parts; the cell itself has no file name.
        const isOfCell = typeof first === 'string' && first.startsWith('%s%d:%d') && file === ''
        const told = isOfCell
          ? format(first, `${lines.nameOf(state.count)}:`, ...more)
          : lines.mapped(format(...values))
        const printed = told + state.hintFor(told)
        state.fail(isOfCell ? 'SyntaxError' : 'Error', printed, printed)
        return state.hasServer ? undefined : says.error(printed)
      },
    })
    const { complete, execute, interrupt } = executor
    executor.complete = (source, position) => withoutMembersOfFunctions(complete(source, position))
    executor.execute = (source) => {
      state.enter(source)
      state.result = undefined
      if (!state.hasServer) state.count += 1
      return programs.run(() => execute(source))
    }
    executor.interrupt = () => {
      programs.interrupt()
      interrupt()
    }
    return executor
  }
}

/** What every function has. */
const OF_FUNCTIONS = new Set([
  'apply',
  'arguments',
  'bind',
  'call',
  'caller',
  'length',
  'name',
  'prototype',
  'toString',
])

/** Groups can be called, `auth0.users(id)`, and nobody looks for what they have for that alone. */
function withoutMembersOfFunctions(found: Completions): Completions {
  const offered = new Set(found.original?.entries.map(({ name }) => name))
  if (!['apply', 'bind', 'call'].every((name) => offered.has(name))) return found
  // A function that has nothing else is one.
  if ([...offered].every((name) => OF_FUNCTIONS.has(name))) return found
  return { ...found, candidates: found.candidates.filter((name) => !OF_FUNCTIONS.has(name)) }
}

type Meaning = (message: string, failed: FailedCode) => string | undefined

let meaning: Meaning | undefined

/** Loaded when a cell has failed: it reads the catalogue, which a kernel that starts does not need. */
function meaningOf(): Meaning {
  meaning ??= (createRequire(__filename)(join(__dirname, 'names.js')) as { meant: Meaning }).meant
  return meaning
}

/** The forms of a value that has a look; plain text stays for tslab to print. */
function richBundle(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const has = isTenantlabError(value) || typeof (value as Record<symbol, unknown>)[JUPYTER] === 'function'
  return has ? (bundleOf(value) as unknown as Readonly<Record<string, unknown>>) : undefined
}
