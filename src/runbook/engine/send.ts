import { AbortedError, isTenantlabError, type PlanEvent, type Unsubscribable } from '../../plan/index.ts'
import type { Runnable } from '../define.ts'
import type { Run } from './run.ts'

/** What became of the requests of a step. */
export interface Sent {
  /** A write went out that may have been carried out, although the step failed. */
  maybeApplied: boolean
  writes: number
}

/**
 * Runs a plan or flow with a line in the journal before and after each request: the events are told synchronously, so
 * that a request leaves only after its line is on the disk.
 *
 * @param journalled false for reads beside a step, which leave nothing to resume.
 */
export function send(
  run: Run,
  step: string,
  work: Runnable<unknown>,
  journalled = true,
): { value: Promise<unknown>; sent: Sent } {
  const sent: Sent = { maybeApplied: false, writes: 0 }
  const open = new Map<number, { method: string; path: string }>()
  const heard = (event: PlanEvent<unknown>): void => {
    if (event.kind === 'attempt') attempt(run, step, event, { open, sent, journalled })
    else if (event.kind === 'response') response(run, step, work, event, { open, sent, journalled })
    else if (event.kind === 'wait' || event.kind === 'retry') {
      const ms = event.kind === 'retry' ? event.delay : event.ms
      run.tell({ type: 'wait', step, reason: event.reason, ...(ms !== undefined && { ms }) })
    }
  }
  const value = new Promise<unknown>((resolve, reject) => {
    let subscription: Unsubscribable | undefined
    let over = false
    let answer: unknown
    const { signal } = run.parts
    const end = (settle: () => void): void => {
      if (over) return
      over = true
      signal?.removeEventListener('abort', abort)
      subscription?.unsubscribe()
      settle()
    }
    const abort = (): void =>
      end(() => {
        if (open.size > 0 && sent.writes > 0) sent.maybeApplied = true
        reject(new AbortedError(`The run was interrupted in the step "${step}". Go on with --resume.`))
      })
    if (signal?.aborted === true) return abort()
    signal?.addEventListener('abort', abort, { once: true })
    subscription = work.events().subscribe({
      next(event) {
        if (over) return
        try {
          if (event.kind === 'value') answer = event.value
          else heard(event)
        } catch (error) {
          end(() => reject(error))
        }
      },
      error: (error) =>
        end(() => {
          if (isTenantlabError(error) && (error as { maybeApplied?: boolean }).maybeApplied === true)
            sent.maybeApplied = true
          reject(error)
        }),
      complete: () => end(() => resolve(answer)),
    })
    if (over) subscription.unsubscribe()
  })
  return { value, sent }
}

interface Tracking {
  readonly open: Map<number, { method: string; path: string }>
  readonly sent: Sent
  readonly journalled: boolean
}

type Attempt = Extract<PlanEvent<unknown>, { kind: 'attempt' }>
type Response = Extract<PlanEvent<unknown>, { kind: 'response' }>

function attempt(run: Run, step: string, event: Attempt, { open, sent, journalled }: Tracking): void {
  run.spend(step)
  const { attempt, method } = event
  const path = new URL(event.url).pathname
  open.set(attempt, { method, path })
  if (method !== 'GET') sent.writes += 1
  if (journalled) run.append({ type: 'send', step, at: run.at, attempt, method, path })
  run.tell({ type: 'request', step, method, path, attempt })
}

function response(
  run: Run,
  step: string,
  work: Runnable<unknown>,
  event: Response,
  { open, sent, journalled }: Tracking,
): void {
  const { attempt, status, requestId, rateLimit } = event
  const request = open.get(attempt)
  open.delete(attempt)
  const { run: id, runbook, session, audit } = run.parts
  const { hash } = work as { hash?: string }
  // A request that was carried out counts, even where its answer cannot be read afterwards.
  if (request !== undefined && request.method !== 'GET' && (status < 400 || status >= 500)) sent.maybeApplied = true
  if (request !== undefined) {
    audit.record({
      at: run.at,
      run: id,
      runbook,
      who: run.backstage.who,
      tenant: session.domain,
      step,
      ...request,
      ...(typeof hash === 'string' && { plan: hash }),
      attempt,
      status,
      ...(requestId !== undefined && { requestId }),
    })
  }
  if (journalled) {
    run.append({ type: 'answer', step, at: run.at, attempt, status, ...(requestId !== undefined && { requestId }) })
  }
  run.tell({
    type: 'answer',
    step,
    status,
    ...(requestId !== undefined && { requestId }),
    ...(rateLimit && { rateLimit }),
  })
}
