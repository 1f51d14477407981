import {
  AbortedError,
  type Execution,
  host,
  type ObservableLike,
  type Page,
  type PlanData,
  type PlanEvent,
  type RunOptions,
  type SecretValues,
} from '../plan/index.ts'
import type { PipelineConfig } from './config.ts'
import { coldEvents, type ExecutionSubject, type Work, WorkExecution } from './execution.ts'
import type { BucketState, LeastWait } from './limiter/index.ts'
import { collect, Pager, poll, streamPages } from './repeat/index.ts'
import { Requester } from './request.ts'
import type { Gate } from './stage.ts'

/** How one plan is run. */
export interface RunSetting extends RunOptions {
  readonly gate?: Gate
  /** Part of other work, which ends it. */
  readonly within?: boolean
  /** Where it was asked for; the calling line when left out, and `null` where somebody else tells that. */
  readonly callSite?: Error | null
}

/** Runs plans. */
export interface Pipeline {
  /** Starts at once; the execution keeps its events and its end. */
  execute<T>(data: PlanData, secrets?: SecretValues, options?: RunSetting, callSite?: Error): Execution<T>
  /** Starts with each subscription; unsubscribing aborts the request in flight. */
  events<T>(data: PlanData, secrets?: SecretValues, options?: RunSetting): ObservableLike<PlanEvent<T>>
  /** Sends page by page as they are asked for. */
  pages<T>(data: PlanData, secrets?: SecretValues, options?: RunOptions): AsyncIterable<Page<T>>
  /** What is known of the tenant's rate limits. */
  limits(): readonly BucketState[]
  /** How long so many requests of each rate key wait for their slots at least. */
  leastWait(requests: ReadonlyMap<string, number>): LeastWait | undefined
}

/**
 * Puts a pipeline together.
 *
 * @throws ConfigurationError when a stage is none.
 */
export function createPipeline(config: PipelineConfig): Pipeline {
  const requester = new Requester(config)
  return {
    execute: <T>(data: PlanData, secrets: SecretValues = {}, options: RunSetting = {}, callSite?: Error) =>
      new WorkExecution<T>(subject(data, options, callSite), work<T>(requester, data, secrets, options)),
    events: <T>(data: PlanData, secrets: SecretValues = {}, options: RunSetting = {}) =>
      coldEvents<T>(subject(data, options), work<T>(requester, data, secrets, options)),
    pages: <T>(data: PlanData, secrets: SecretValues = {}, options: RunOptions = {}) => ({
      [Symbol.asyncIterator]: () => pagesOf<T>(requester, data, secrets, options),
    }),
    limits: () => config.limiter.state(),
    leastWait: (requests) => config.limiter.leastWait?.(requests),
  }
}

function subject(
  plan: PlanData,
  setting: RunSetting,
  callSite: Error | null | undefined = setting.callSite,
): ExecutionSubject {
  const { signal, gate, within } = setting
  return { name: plan.op, plan, signal, gate, within, callSite }
}

function work<T>(requester: Requester, data: PlanData, secrets: SecretValues, { maxQueue }: RunOptions): Work<T> {
  return (report) => {
    const row = requester.rowFor(data, maxQueue)
    const { repeat } = data
    if (repeat?.kind === 'poll') return poll<T>(requester, data, row, secrets, report, maxQueue)
    if (repeat?.kind === 'pages' || (row.paging !== undefined && data.op !== 'raw')) {
      return collect<T>(requester, data, row, secrets, report, maxQueue)
    }
    const { config } = requester
    const caller = {
      emit: report.emit.bind(report),
      signal: report.signal,
      gate: report.gate,
      maxQueue,
    }
    return requester.start(data, row, secrets, caller, true, (error, value) => {
      if (error !== undefined) return report.fail(error)
      report.succeed((config.present === undefined ? value : config.present(value, row, data)) as T, config.clock.now())
    })
  }
}

async function* pagesOf<T>(
  requester: Requester,
  data: PlanData,
  secrets: SecretValues,
  { signal, maxQueue }: RunOptions,
): AsyncGenerator<Page<T>, void> {
  const row = requester.rowFor(data, maxQueue)
  const caller = { emit() {}, signal, maxQueue, gate: undefined }
  const source =
    row.paging?.style === 'stream'
      ? streamPages<T>(requester, data, row, secrets, caller)
      : new Pager<T>(requester, data, row, secrets, caller)
  const leave = (): void => source.unsubscribe()
  if (signal?.aborted === true) leave()
  signal?.addEventListener('abort', leave, { once: true })
  const { executions } = host()
  let stopped = false
  const entry = {
    operation: data.op,
    plan: data,
    abort() {
      stopped = true
      leave()
    },
  }
  const refusal = executions?.add(entry)
  try {
    if (refusal !== undefined) {
      throw new AbortedError(`${data.op} was not sent: ${await refusal}.`, { plan: data })
    }
    if (source instanceof Pager) {
      for (let page = await source.next(); page !== undefined; page = await source.next()) yield page
    } else yield* source
    if (stopped)
      throw new AbortedError(`${data.op}: the loop over its pages was stopped. Start it again to read on.`, {
        plan: data,
      })
  } finally {
    signal?.removeEventListener('abort', leave)
    executions?.delete(entry)
    leave()
  }
}
