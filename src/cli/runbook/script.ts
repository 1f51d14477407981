import { readFileSync } from 'node:fs'
import { basename, dirname, extname, resolve } from 'node:path'
import { bundleOf } from '../../display/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import {
  hearConsole,
  isWithinStep,
  readTypeScript,
  runCells,
  ScriptRun,
  type ScriptRunOptions,
} from '../../runbook/index.ts'
import { connect, type Session, watchAllPredictions } from '../../session/index.ts'
import { Conversation } from './conversation.ts'
import { journalFor } from './journals.ts'
import { isAttended, type Output } from './output.ts'
import { exitCodeOf, gravest, interruptible, optionsFrom } from './run.ts'
import { withTarget } from './script-target.ts'
import { budgetOf } from './targets.ts'
import { textOf, type Words } from './words.ts'

/** How a script or notebook is run. */
export interface ScriptWish {
  readonly file: string
  readonly check: boolean
  readonly values: Words['values']
  readonly output: Output
}

/** Runs a notebook cell by cell; its requests are the steps of a run. */
export function runNotebookFile(wish: ScriptWish): Promise<number> {
  const path = resolve(wish.file)
  const text = readFileSync(path, 'utf8')
  return withTarget(wish.values, wish.check, () =>
    conductScript(wish, async (script, signal) => {
      readTypeScript()
      // A kernel works in the folder of its notebook.
      const home = process.cwd()
      process.chdir(dirname(path))
      try {
        const { cells, unpredictable } = await runCells(text, path, script, signal)
        if (unpredictable.length > 0) {
          const [first] = unpredictable
          const which =
            unpredictable.length === 1 ? `${first} of ${cells} cells` : `${unpredictable.length} of ${cells} cells`
          script.tell({
            type: 'say',
            text: `${which} could not be predicted${unpredictable.length === 1 ? '' : `: ${unpredictable.join(', ')}`}. What such cells write is not among the pending changes.`,
          })
        }
        return unpredictable.length
      } finally {
        process.chdir(home)
      }
    }),
  )
}

/**
 * Conducts code whose requests become steps.
 *
 * @param work the code; answers how much of it could not be predicted.
 * @returns The exit code: that of its runs, and 2 for pending changes or what could not be predicted where it was asked for.
 */
export async function conductScript(
  { file, check, values, output }: ScriptWish,
  work: (script: ScriptRun, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  output.reportFile = absolute(textOf(values, 'report'))
  const { interrupt, release } = interruptible()
  const talk = new Conversation(output, isAttended(output.json), interrupt)
  const script = new ScriptRun({
    name: nameOf(file),
    mode: check ? 'check' : 'run',
    common: {
      ...optionsFrom(values),
      vault: output.vault,
      ask: talk.about(undefined),
      listener: output.listener,
      signal: interrupt.signal,
    },
    journalOf: journals(file, check, values),
  })
  const say = (text: string): void => script.tell({ type: 'say', text })
  const silence = hearConsole(say)
  // Writes that no run() began are predicted by their session alone.
  const unwatch = watchAllPredictions((_, diff) => {
    if (!isWithinStep()) say(bundleOf(diff)['text/plain'] ?? '')
  })
  const detailed = values['detailed-exitcode'] === true
  try {
    const open = await work(script, interrupt.signal)
    const results = await script.end()
    return gravest([...results.map((result) => exitCodeOf(result, detailed)), detailed && open > 0 ? 2 : 0])
  } catch (error) {
    const results = await script.end({ error })
    return results.length === 0 ? output.refuse(error) : gravest(results.map(({ exitCode }) => exitCode))
  } finally {
    unwatch()
    silence()
    release()
  }
}

/** A journal for each tenant, and the limits of the command for it. */
function journals(file: string, check: boolean, values: Words['values']): NonNullable<ScriptRunOptions['journalOf']> {
  const home = process.cwd()
  const path = absolute(textOf(values, 'journal'))
  const budget = budgetOf(values)
  let tenants = 0
  return ({ domain }: Session, nth: number) => {
    if (budget.rateLimit !== undefined) connect({ domain, ...budget })
    if (check) return {}
    tenants += 1
    const resume = values.resume === true
    if (resume && domain.endsWith('.tenantlab.local')) {
      throw new ConfigurationError(
        `--resume: ${basename(file)} runs on an embedded tenant, which ended with the run before. Run it anew without --resume, or name a tenant with --tenant.`,
      )
    }
    if (path !== undefined && tenants > 1) {
      throw new ConfigurationError(
        `--journal names one file, and ${basename(file)} comes to a second tenant, ${domain}. Leave it out: each tenant has a journal of its own.`,
      )
    }
    const runbook = nth === 0 ? nameOf(file) : `${nameOf(file)}.${nth + 1}`
    const wish = { runbook, tenant: domain, home, ...(path !== undefined && { path }) }
    return { journal: resume ? unfinishedOrNew(wish, tenants) : journalFor({ ...wish, resume: false }) }
  }
}

/** The first tenant must have a journal to go on with; the run before may not have come to the others. */
function unfinishedOrNew(wish: Omit<Parameters<typeof journalFor>[0], 'resume'>, tenants: number): string {
  try {
    return journalFor({ ...wish, resume: true })
  } catch (error) {
    if (tenants === 1 || !(error instanceof ConfigurationError)) throw error
    return journalFor({ ...wish, resume: false })
  }
}

/** Journals are named after the file. */
function nameOf(file: string): string {
  return basename(file, extname(file)).replace(/[^\w.-]+/g, '-')
}

function absolute(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path)
}
