import {
  type EverySettings,
  type ExportQuery,
  type ExportSettings,
  everyUser,
  exportUsers,
  type PullItems,
  pulledBy,
  pullOf,
  type ReadLines,
} from '../../flow/index.ts'
import type { Clock, FlowContext, FlowStep, JsonObject, Work } from '../../plan/index.ts'
import type { Internals } from '../internals.ts'
import { internalsOfFlow, SessionFlow } from './flow.ts'

/** A flow whose items are pulled, by a loop or by `each`. */
export class PulledFlow<T> extends SessionFlow<T[]> {
  constructor(
    name: string,
    { steps, pull }: { steps(): readonly FlowStep[]; readonly pull: PullItems<T> },
    clock: Clock,
    internals: Internals,
  ) {
    const work = async (context: FlowContext): Promise<T[]> => {
      const all: T[] = []
      for await (const item of pull(context)) all.push(item)
      return all
    }
    super(name, { steps, work, clock, composed: true, internals })
    pulledBy(this, pull)
  }

  /** Sends request by request as the loop asks for items; ends what is under way when the loop ends. */
  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    const pull = pullOf(this)
    const runner = internalsOfFlow(this)?.runner
    if (pull === undefined || runner === undefined) return
    const controller = new AbortController()
    const { signal } = controller
    const context: FlowContext = {
      signal,
      now: () => runner.now(),
      run: <R>(work: Work<R>) => Promise.resolve(work.run({ signal })),
      wait: (ms) =>
        Promise.resolve(
          runner
            .flow<void>(
              'wait',
              () => [{ purpose: `wait ${ms} ms` }],
              (inner) => inner.wait(ms),
            )
            .run({ signal }),
        ),
    }
    try {
      yield* pull(context) as AsyncGenerator<T>
    } finally {
      controller.abort()
    }
  }
}

/** All users that a query finds, by the search or by an export job. */
export function everyUserFlow<T>(
  query: JsonObject,
  settings: EverySettings | undefined,
  { clock, internals, read }: PulledParts,
): PulledFlow<T> {
  const mayWrite = (): boolean => internals.writes() === 'allow'
  return new PulledFlow<T>(
    'users.every',
    everyUser<T>(query, internals.runner, settings, { read, mayWrite }),
    clock,
    internals,
  )
}

/** All users as the lines of an export job. */
export function exportUsersFlow(
  query: ExportQuery,
  settings: ExportSettings | undefined,
  { clock, internals, read }: PulledParts,
): PulledFlow<string> {
  return new PulledFlow<string>('users.export', exportUsers(query, internals.runner, read, settings), clock, internals)
}

interface PulledParts {
  readonly clock: Clock
  readonly internals: Internals
  readonly read: ReadLines
}
