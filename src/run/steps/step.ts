import { nearest } from '../../catalogue/index.ts'
import { callSite } from '../../pipeline/index.ts'
import { isTenantlabError, type Outcome, ValidationError } from '../../plan/index.ts'
import type { Runnable, Step, StepMaker, StepOptions, StepRequest, StepRun } from './contract.ts'
import { checkOf, planOf, rowFor } from './subject.ts'

const OPTIONS = ['when', 'tags', 'confirm', 'undo', 'doneWhen', 'volatile']

/**
 * Makes the steps of one run, each id once.
 *
 * @throws ValidationError for an id that is no text or was used, and for work that is neither plan nor flow.
 */
export function stepMaker(): { readonly step: StepMaker; readonly unrun: ReadonlySet<string> } {
  const used = new Set<string>()
  const unrun = new Set<string>()
  const step = <T>(id: string, work: Runnable<T>, options: StepOptions<T> = {}): Step<T> => {
    checkId(id)
    if (used.has(id)) {
      refuse(id, 'has an id that another step has', 'In a loop put the key into it, such as the client_id.')
    }
    used.add(id)
    if (typeof work?.run !== 'function' || typeof work.events !== 'function') {
      refuse(id, 'needs a plan or a flow', 'Pass the plan itself, without run().')
    }
    for (const key of Object.keys(options)) {
      if (OPTIONS.includes(key)) continue
      if (key === 'idempotencyCheck')
        refuse(id, 'has an option that has another name now', 'Write doneWhen instead of idempotencyCheck.')
      const near = nearest(key, OPTIONS)
      refuse(
        id,
        `has no option "${key}"`,
        near === undefined ? `Options are ${OPTIONS.join(', ')}.` : `Did you mean "${near}"?`,
      )
    }
    checkIndex(id, options.doneWhen as StepOptions<unknown>['doneWhen'])
    const request: StepRequest = { kind: 'step', id, work, options: options as StepOptions<unknown>, site: callSite() }
    unrun.add(id)
    return new RequestedStep<T>(request, () => unrun.delete(id))
  }
  return { step, unrun }
}

class RequestedStep<T> implements Step<T> {
  readonly #request: StepRequest
  readonly #runs: () => void

  constructor(request: StepRequest, runs: () => void) {
    this.#request = request
    this.#runs = runs
  }

  *[Symbol.iterator](): Generator<StepRequest, T, unknown> {
    this.#runs()
    return (yield this.#request) as T
  }

  outcome(): StepRun<Outcome<T>> {
    const request = this.#request
    const runs = this.#runs
    return {
      *[Symbol.iterator]() {
        runs()
        try {
          return { status: 'ok', value: (yield request) as T }
        } catch (error) {
          // Anything else is a mistake of the runbook's own code, and no outcome.
          if (!isTenantlabError(error)) throw error
          return { status: 'error', error }
        }
      },
    }
  }
}

/** An index shows a write late: where an operation reads the record itself, a check asks that one. */
function checkIndex(id: string, given: StepOptions<unknown>['doneWhen']): void {
  const read = checkOf(given)?.read
  const plan = read === undefined ? undefined : planOf(read)
  const row = plan === undefined ? undefined : rowFor(plan)
  if (row?.reads !== 'index' || row.storeReads === undefined || row.storeReads.length === 0) return
  refuse(
    id,
    `asks its doneWhen of ${row.id}, an index that shows a write up to ${(row.settle ?? 0) / 1000} s late`,
    `Ask ${row.storeReads.join(' or ')}, which reads the record itself.`,
  )
}

function checkId(id: unknown): void {
  if (typeof id === 'string' && /^[^{}\n\r\t]{1,200}$/.test(id) && id.trim() === id) return
  throw new ValidationError(
    `step(): the id ${JSON.stringify(id) ?? 'that is missing'} must be a text of up to 200 characters on one line, without braces. ` +
      'It names the step in journals: keep it stable.',
    { issues: [{ path: 'id', rule: 'must be a text on one line' }] },
  )
}

function refuse(id: string, rule: string, next: string): never {
  throw new ValidationError(`step(): "${id}" ${rule}. ${next}`, { issues: [{ path: id, rule }] })
}
