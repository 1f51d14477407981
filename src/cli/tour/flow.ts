import type { BasePlan, Flow, Plan } from '../../plan/index.ts'
import type { Sandbox, SandboxOptions } from '../../sandbox/index.ts'
import type { ConnectOptions, Session } from '../../session/index.ts'

/** What a flow of the tour may use. */
export interface TourContext {
  readonly tenant: Sandbox
  readonly auth0: Session
  /** Another session on the same tenant. */
  connect(options: ConnectOptions): Session
  /** A tenant of the flow's own, closed after it. */
  sandbox(options: SandboxOptions): Promise<Sandbox>
  /** Shows the plan under the expression that made it, sends it, shows the result. */
  step<T>(expression: string, plan: BasePlan<T> | Flow<T>): Promise<T>
  /** Shows the plan, sends it, and expects it to fail; shows and answers the error. */
  fails(expression: string, plan: Plan<unknown>): Promise<unknown>
  /** A sentence between two steps. */
  say(text: string): void
  /** Refuses to go on when what the flow promises did not come true. */
  expect(holds: boolean, promise: string): void
}

/** One documented flow: the row of the table, and the run that proves it. */
export interface TourFlow {
  /** Stable name, as `--json` prints it. */
  readonly flow: string
  /** Heading of the table row. */
  readonly documented: string
  /** The calls of the documented page that it covers. */
  readonly calls: readonly string[]
  /** The expression of this package, as the table shows it. */
  readonly here: string
  run(context: TourContext): Promise<void>
}
