import { canonicalJson, isJsonObject, type Json, sha256 } from '../../plan/index.ts'
import { secretHash } from './secret-hash.ts'

/** What makes two runs the same: the runbook, its tenant, what it is run for, and the parameters. */
export interface RunIdentity {
  readonly runbook: string
  readonly tenant: string
  readonly mode: 'run' | 'apply' | 'undo'
  /** Parameters, secrets hidden. */
  readonly params?: Json | undefined
  /** Parameters with their secrets, where they have some; written nowhere. */
  readonly whole?: Json
  /** The runbook's file, where it has one: two files may give their runbooks one name. */
  readonly file?: RunbookFile
}

/** A file that a runbook was loaded from. */
export interface RunbookFile {
  /** Absolute path. */
  readonly path: string
  /** Hash of its text, where it could be read. */
  readonly hash?: string
}

/** What a run does, whichever command does it: an apply does what its plan was made of. */
export function contentOf({ mode, params }: Pick<RunIdentity, 'mode' | 'params'>): Json {
  return (mode === 'apply' && isJsonObject(params) ? params.planned : params) ?? {}
}

/** Hash of the parameters with their secrets, by the salt beside a file; nothing where none is secret. */
export function secretsBeside(path: string, { whole }: RunIdentity): string | undefined {
  return whole === undefined ? undefined : secretHash(path, whole)
}

/** A name for files that is the same for what is the same. */
export function nameFor(parts: readonly Json[]): string {
  return sha256(canonicalJson(parts)).slice(0, 24)
}
