import { undoVerdict } from '../../flow/index.ts'
import {
  ConfigurationError,
  type FlowContext,
  type FlowPart,
  type PlanData,
  ValidationError,
} from '../../plan/index.ts'
import { composedWork, undoWithOf } from '../../session/index.ts'
import { planOf, rowFor, type StepOptions, type StepRequest } from '../steps/index.ts'
import { inverseOf } from '../undo/index.ts'
import { confirm } from './confirm.ts'
import { waitFor } from './pass-time.ts'
import type { Run } from './run.ts'

/** Longest id of a step. */
const MOST = 200

/**
 * A flow that is put together of plans and flows is not a step of its own: each of its parts is one, with an id below that
 * of the flow, so that a part is predicted, journalled, resumed and undone by itself.
 *
 * @param work what the flow does.
 * @param settle runs one part.
 * @returns What the flow answers.
 * @throws ValidationError for options that only a single write can have.
 */
export async function settleParts(
  run: Run,
  request: StepRequest,
  work: (context: FlowContext) => Promise<unknown>,
  settle: (part: StepRequest) => Promise<unknown>,
): Promise<unknown> {
  for (const option of ['undo', 'doneWhen'] as const) {
    if (request.options[option] === undefined) continue
    throw new ValidationError(
      `step(): "${request.id}" is a flow of several parts, and "${option}" belongs to a single write. Leave it out: each part ` +
        'is undone by what its operation says; or make a step of each part.',
      { issues: [{ path: request.id, rule: `takes no "${option}"` }] },
    )
  }
  const { id } = request
  const { confirm: question, when: _, ...options } = request.options
  if (question !== undefined && !run.predicting)
    await confirm(run, request, { id, effect: 'flow', operation: 'flow', hash: '' })
  const context: FlowContext = {
    signal: run.parts.signal ?? new AbortController().signal,
    now: run.parts.now,
    // A check need not see what is only late.
    wait: (ms) => (run.predicting ? Promise.resolve() : waitFor(run, id, ms, 'time')),
    // A plan file has an order, and so has what a reviewer reads.
    ...(run.predicting && { most: 1, predicts: true }),
    async run<T>(part: unknown, { key, bounded }: FlowPart = {}): Promise<T> {
      const below = key === undefined ? id : `${id}/${key.replace(/[{}\n\r\t]/g, ' ').trim()}`.slice(0, MOST)
      const work = part as StepRequest['work']
      // A flow within the flow is not a step itself: the ids of its own parts begin with its.
      const own = composedWork(work) === undefined ? run.partId(below, MOST) : below
      const undo = undoByRow(run, work)
      // Not by spreading, as in the pipeline: there may be a hundred thousand parts.
      const inner: StepRequest = Object.assign({}, request, {
        id: own,
        work,
        options: undo === undefined ? options : Object.assign({}, options, { undo }),
        part: true as const,
        ...(bounded && { bounded }),
      })
      return (await settle(inner)) as T
    },
    ...(!run.predicting && { reached: (count) => run.tell({ type: 'progress', step: id, ...count }) }),
    caught(error) {
      const failed = run.failedStep(error)
      if (failed !== undefined && !run.predicting) run.records.append({ type: 'caught', step: failed, at: run.at })
    },
  }
  return work(context)
}

/** How a part is undone that names no undo itself: as its plan says, else by the row of its operation. */
function undoByRow(run: Run, work: StepRequest['work']): StepOptions<unknown>['undo'] {
  const own = undoWithOf(work)
  if (own !== undefined) return own as StepOptions<unknown>['undo']
  const plan = planOf(work)
  if (plan === undefined || noUndoOf(plan) !== undefined || rowFor(plan)?.effect !== 'write') return undefined
  return ({ result, before }) => {
    try {
      return run.internals.bind(inverseOf(plan, { result, before }))
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      // Nobody asked for an undo here: that there is none is told, and fails nothing.
      run.tell({ type: 'say', text: error.message })
      return undefined
    }
  }
}

/** Why a write cannot be undone by the catalogue; nothing where it can, and for what is not a write. */
export function noUndoOf(plan: PlanData): string | undefined {
  const verdict = undoVerdict(plan, rowFor(plan))
  return verdict?.kind === 'none' ? verdict.reason : undefined
}
