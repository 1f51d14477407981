import type { FlowContext } from '../plan/index.ts'

/** What reads all items of a list piece by piece, so that no more than a page is held. */
export type PullItems<T> = (context: FlowContext, tellTotal?: (total: number) => void) => AsyncGenerator<T>

const pulls = new WeakMap<object, PullItems<unknown>>()

/** Remembers how the items of a flow are pulled. */
export function pulledBy(flow: object, pull: PullItems<unknown>): void {
  pulls.set(flow, pull)
}

/** How the items of a flow are pulled; nothing for any other. */
export function pullOf(flow: object): PullItems<unknown> | undefined {
  return pulls.get(flow)
}
