import { AsyncLocalStorage } from 'node:async_hooks'

/** What a write is part of, for those who hear of writes. */
export interface WriteScope {
  /** Id of the run that sends it; a symbol for a flow without a journal. */
  readonly run: string | symbol
  /** The step of the run. */
  readonly step?: string
  /** Id of the run that this one undoes. */
  readonly undoes?: string
}

const scopes = new AsyncLocalStorage<WriteScope>()

/** What is sent now is part of; nothing for a plan alone. */
export function writeScope(): WriteScope | undefined {
  return scopes.getStore()
}

/** Runs work whose writes are part of a run or flow, also those that it sends later. */
export function inWriteScope<T>(scope: WriteScope, work: () => T): T {
  return scopes.run(scope, work)
}
