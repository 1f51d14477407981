import { isAbsolute, relative } from 'node:path'
import type { RunEndEvent, RunEvent, RunStartEvent, StepEndEvent } from '../../run/index.ts'
import { linesOf } from './line.ts'

/**
 * The lines of a command's runs, each with what came before in mind: no reason is told twice, and a run that did not end
 * well tells the line of the runbook that it comes from, and what can be done next.
 */
export class RunLines {
  readonly #starts = new Map<string, RunStartEvent>()
  readonly #failed = new Map<string, StepEndEvent>()

  of(event: RunEvent): readonly string[] {
    const { tenant } = event
    if (event.type === 'run_start') this.#starts.set(tenant, event)
    if (event.type === 'step_end' && event.outcome === 'failed') this.#failed.set(tenant, event)
    if (event.type !== 'run_end') return linesOf(event)
    const { message, ...bare } = event
    const lines = this.toldBy(event) !== undefined ? linesOf(bare) : linesOf(event)
    return [...lines, ...placeOf(event), ...nextOf(event, this.#starts.get(tenant))]
  }

  /** The step whose failure has told already why the run ended. */
  toldBy({ tenant, message }: RunEvent & RunEndEvent): string | undefined {
    const { reason, step } = this.#failed.get(tenant) ?? {}
    return message !== undefined && reason === message ? step : undefined
  }
}

function placeOf({ place }: RunEndEvent): readonly string[] {
  return place === undefined ? [] : [`    at ${placeText(place)}`]
}

/** Folders up beyond which a path from here says less than the whole path. */
const FAR = '../'.repeat(4)

/** A path as people in this folder write it. */
export function fileHere(file: string): string {
  const near = relative(process.cwd(), file)
  return near === '' || near.startsWith(FAR) || isAbsolute(near) ? file : near
}

/** A line of a file as people in this folder write it: `runbooks/x.ts:12:5`. */
export function placeText({ file, line, column }: NonNullable<RunEndEvent['place']>): string {
  return `${fileHere(file)}:${line}:${column}`
}

/** What can be done about a run that did not end well. */
function nextOf({ status, summary, message = '' }: RunEndEvent, start: RunStartEvent | undefined): readonly string[] {
  const { mode, journal } = start ?? {}
  if (status === 'done' || journal === undefined) return []
  if (mode === 'undo') return ['  Undo goes on where it stopped when it is called again.']
  // What has done nothing can as well begin anew.
  if (summary.written + summary.recorded === 0) return []
  const onward = message.includes('--resume') ? [] : ['  Once that is mended, go on with --resume.']
  return [...onward, `  To undo what was done: tenantlab undo ${journal}`]
}
