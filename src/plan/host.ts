import type { PlanData } from './plan-data.ts'

/** A run that the place around it may end. */
export interface RunningExecution {
  /** `users.list`, or the name of a flow. */
  readonly operation: string
  /** Absent for a flow. */
  readonly plan?: PlanData
  abort(reason?: string): void
}

/** A place that can ask the reader something. */
export interface HostPrompt {
  /** False while nobody is there to answer. */
  readonly possible: boolean
  /**
   * @param question What the reader sees.
   * @param hidden Whether what is typed stays invisible.
   */
  ask(question: string, hidden: boolean): Promise<string>
}

/** Where executions enter themselves while they run; those within a flow are the flow's. */
export interface HostExecutions {
  /**
   * @returns Where it may not begin, because the program that it belongs to was interrupted: a promise of the reason,
   *   with which it fails then. Nothing may be sent for it.
   */
  add(execution: RunningExecution): Promise<string> | undefined
  delete(execution: RunningExecution): void
}

/** What the place that runs the code, such as a notebook's kernel, offers to it. */
export interface Host {
  /** Told of executions, so that an interrupt can end them. */
  readonly executions?: HostExecutions
  readonly prompt?: HostPrompt
  /** Flows keep a journal there without being told to. */
  readonly keepsJournals?: true
}

// By a global symbol, as the kernel and the notebook may have loaded this package from different files.
const HOST: unique symbol = Symbol.for('tenantlab.host') as never

/** What the place around this code offers; empty in a plain process. */
export function host(): Host {
  return (globalThis as { [HOST]?: Host })[HOST] ?? {}
}

/** Called by the place itself, before any other code runs. */
export function offerHost(offered: Host): void {
  Object.defineProperty(globalThis, HOST, { value: offered, configurable: true, enumerable: false })
}
