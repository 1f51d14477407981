import { dirname, resolve } from 'node:path'
import { hearConsole, readTypeScript } from '../../code/index.ts'
import { bundleOf } from '../../display/index.ts'
import {
  type EndedRun,
  isWithinStep,
  type Notebook,
  readNotebook,
  runCells,
  ScriptRun,
  withParameters,
} from '../../notebook/index.ts'
import { watchAllPredictions } from '../../session/index.ts'
import { textOf, type Values } from '../words/index.ts'
import { Conversation } from './conversation.ts'
import { notebookParameters } from './notebook-parameters.ts'
import { isAttended, type Output } from './output.ts'
import { exitCodeOf, gravest, interruptible, optionsFrom } from './run.ts'
import { journalsOf } from './script-journals.ts'
import { nameOf } from './script-name.ts'
import { withTarget } from './script-target.ts'

/** How a script or notebook is run. */
export interface ScriptWish {
  readonly file: string
  readonly mode: 'run' | 'check' | 'plan'
  readonly values: Values
  readonly output: Output
  /**
   * Told of the runs when all went well.
   *
   * @throws TenantlabError where they are not what was wanted.
   */
  after?(end: ScriptEnd): void
}

/** What came of a script. */
export interface ScriptEnd {
  readonly ended: readonly EndedRun[]
  /** Places of what could not be predicted. */
  readonly open: readonly string[]
  /** How many things it printed. */
  readonly said: number
}

/** What code gets that is conducted. */
export interface Conducted {
  readonly script: ScriptRun
  readonly signal: AbortSignal
  readonly talk: Conversation
}

/** Runs a notebook cell by cell; its requests are the steps of a run. */
export async function runNotebookFile(wish: ScriptWish): Promise<number> {
  const path = resolve(wish.file)
  // What is refused here has run no cell, and left nothing open.
  const notebook = withGivenParameters(readNotebook(path), wish)
  try {
    return await conductNotebook(notebook, path, wish)
  } finally {
    leaveBehind()
  }
}

function withGivenParameters(notebook: Notebook, { file, values, output }: ScriptWish): Notebook {
  const given = {
    notebookFile: file,
    tell: (text: string) => output.warned(text),
    file: textOf(values, 'params'),
    option: '--params',
    // A list of JSON holds commas of its own.
    values: [values.parameter ?? []].flat().map(String),
  }
  return withParameters(notebook, notebookParameters(notebook, given))
}

/** A notebook ends with its kernel: what it left open, such as a sandbox, does not keep the command from ending. */
function leaveBehind(): void {
  setTimeout(() => process.exit(), 500).unref()
}

function conductNotebook(notebook: Notebook, path: string, wish: ScriptWish): Promise<number> {
  return withTarget(wish.values, wish.mode !== 'run', () =>
    conductScript(wish, async ({ script, signal }) => {
      await readTypeScript()
      // A kernel works in the folder of its notebook.
      const home = process.cwd()
      process.chdir(dirname(path))
      try {
        const { cells, unpredictable } = await runCells(notebook, path, script, signal)
        if (unpredictable.length > 0) script.tell({ type: 'say', text: openText(cells, unpredictable) })
        return unpredictable
      } finally {
        process.chdir(home)
      }
    }),
  )
}

function openText(cells: number, open: readonly string[]): string {
  return `${open.length} of ${cells} cells could not be predicted: ${open.join(', ')}. What such cells write is not among the pending changes.`
}

/**
 * Conducts code whose requests become steps.
 *
 * @param work the code; returns the places of what could not be predicted.
 * @returns The exit code: that of its runs, and 2 for pending changes or what could not be predicted where it was asked for.
 */
export async function conductScript(
  { file, mode, values, output, after }: ScriptWish,
  work: (conducted: Conducted) => Promise<readonly string[]>,
): Promise<number> {
  output.reportTo(values)
  const { interrupt, atOnce, release } = interruptible((text) => output.note(text))
  const talk = new Conversation(output, isAttended(output.json), interrupt)
  const script = new ScriptRun({
    name: nameOf(file),
    mode,
    common: {
      ...optionsFrom(values),
      // A notebook changes the working folder.
      file: resolve(file),
      redactor: output.redactor,
      ask: talk.about(undefined),
      listener: output.listener,
      stop: interrupt.signal,
      signal: atOnce,
    },
    journalOf: journalsOf(file, mode !== 'run', values),
  })
  let said = 0
  const say = (text: string): void => {
    said += 1
    script.tell({ type: 'say', text })
  }
  const silence = hearConsole(say, (line) => output.warned(line))
  // Writes that no run() began are predicted by their session alone.
  const unwatch = watchAllPredictions((_, diff) => {
    if (!isWithinStep()) say(bundleOf(diff)['text/plain'] ?? '')
  })
  const detailed = values['detailed-exitcode'] === true
  let ended: readonly EndedRun[] | undefined
  try {
    const open = await script.conduct(() => work({ script, signal: interrupt.signal, talk }))
    ended = await script.end()
    after?.({ ended, open, said })
    return gravest([...ended.map(({ result }) => exitCodeOf(result, detailed)), detailed && open.length > 0 ? 2 : 0])
  } catch (error) {
    if (ended !== undefined) return output.refuse(error)
    ended = await script.end({ error })
    return ended.length === 0 ? output.refuse(error) : gravest(ended.map(({ result }) => result.exitCode))
  } finally {
    unwatch()
    silence()
    release()
  }
}
