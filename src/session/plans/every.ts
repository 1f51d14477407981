import { type EverySettings, everyUser, pulledBy, pullOf } from '../../flow/index.ts'
import type { Clock, FlowContext, JsonObject, Work } from '../../plan/index.ts'
import type { Internals } from '../internals.ts'
import { internalsOfFlow, SessionFlow } from './flow.ts'

/** All users that a query finds: a flow whose items are pulled, by a loop or by `each`. */
export class EveryFlow<T> extends SessionFlow<T[]> {
  constructor(query: JsonObject, settings: EverySettings | undefined, clock: Clock, internals: Internals) {
    const { steps, pull } = everyUser<T>(query, internals.runner, settings)
    const work = async (context: FlowContext): Promise<T[]> => {
      const all: T[] = []
      for await (const item of pull(context)) all.push(item)
      return all
    }
    super('users.every', { steps, work, clock, composed: true, internals })
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
