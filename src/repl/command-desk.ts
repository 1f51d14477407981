import type { Execution } from '../plan/index.ts'
import type { WriteHistory } from '../run/index.ts'
import type { Session } from '../session/index.ts'
import type { Typed } from './saved-script.ts'
import type { Screen } from './screen.ts'
import type { Shown, ShownList } from './shown.ts'
import type { WriteGuard } from './write-guard.ts'

/** What a command may use. */
export interface CommandDesk {
  /** The session that commands speak of; `.tenant` changes it. */
  readonly session: Session
  readonly screen: Screen
  readonly shown: Shown
  /** What the sessions of this console have written. */
  readonly history: WriteHistory
  /** What was typed, its secrets cut. */
  statements(): readonly string[]
  /** The same, with what came of each. */
  typed(): readonly Typed[]
  readonly guard: WriteGuard
  /**
   * Shows a value and remembers it.
   *
   * @param drawn rows of the same list that were shown before it.
   */
  show(value: unknown, drawn?: number): void
  /** Shows the next rows of a list that are here. */
  showRows(list: ShownList): void
  /** Waits for a run and says what it waits for. */
  follow(execution: Execution<unknown>): Promise<unknown>
  /** Values that were shown, by their numbers from 1, as long as they are kept. */
  readonly results: ReadonlyMap<number, unknown>
  readonly settings: ConsoleSettings
  /** Ends when the statement is cancelled. */
  signal(): AbortSignal
  /** The tenants that can be spoken to; absent where the console has but one. */
  readonly tenants?: ConsoleTenants
  /** Speaks to another tenant from here on. */
  switchTo(opened: OpenedTenant): void
}

/** What a reader sets with commands. */
export interface ConsoleSettings {
  /** Whether the time of each statement is told. */
  timing: boolean
  /** The program that long results are shown with; none where it is `undefined`. */
  pager: string | undefined
}

/** A session with a tenant, and what the tenant is for. */
export interface OpenedTenant {
  readonly session: Session
  /** `production`, `sandbox`, … */
  readonly tag?: string
}

/** The tenants that a console can speak to. */
export interface ConsoleTenants {
  names(): readonly string[]
  /** @throws ConfigurationError for a tenant that is not known, with the nearest. */
  open(name: string): OpenedTenant
}

/** One dot command. */
export interface DotCommand {
  readonly usage: string
  readonly says: string
  run(argument: string, desk: CommandDesk): Promise<void> | void
}
