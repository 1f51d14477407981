import { ValidationError, type Work } from '../plan/index.ts'

/** True for a plan or a flow, of this copy of the package or another. */
export function isWork(value: unknown): value is Work<unknown> {
  if (typeof value !== 'object' || value === null || 'then' in value) return false
  const { run, explain } = value as Partial<Work<unknown>>
  return typeof run === 'function' && typeof explain === 'function'
}

export function requireWork<R>(place: string, work: Work<R>): Work<R> {
  if (isWork(work)) return work
  refusePromise(place, work)
  const what = work === null ? 'null' : typeof work === 'object' ? 'an object' : `${typeof work} ${String(work)}`
  throw misuse(
    place,
    `returned ${what}, which is not a plan or flow`,
    'Return a plan, or nothing; map() changes values.',
  )
}

export function refusePromise(place: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || typeof (value as { then?: unknown }).then !== 'function') return
  throw misuse(
    place,
    'returned a promise or an execution, so that the flow cannot say, check or stop what it does',
    'Return the plan itself, without run() and without async; the flow runs it.',
  )
}

/** A use of a word of composition that cannot work; what to do instead. */
export function misuse(place: string, rule: string, next: string): ValidationError {
  return new ValidationError(`${place}: it ${rule}. ${next}`, { issues: [{ path: place, rule }] })
}
