import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall } from '../../contract.ts'

/** What is special about the records of one list. */
export interface Kind {
  /** Key that identifies a record. */
  readonly key: string
  /** A new id; absent where the body brings it. */
  readonly makeId?: (call: ManagementCall) => string
  /** Form of ids; a path with another is a 400 `invalid_uri`. */
  readonly idFormat?: { readonly name: string; readonly pattern: RegExp }
  /** Fields that a new record starts with beside its body. */
  readonly starts?: JsonObject | ((call: ManagementCall) => JsonObject)
  readonly timestamps: boolean
  /** Fields that must not be the same in two records; a second one is a 409. */
  readonly unique?: readonly string[]
  /**
   * Fields that name a record of a table or of a list, `rules.segment_id` in the members of a list too; an unknown one
   * is a 400.
   */
  readonly refers?: Readonly<Record<string, string>>
  /** Whether deleting an unknown id is a 404. */
  readonly strictDelete?: boolean
  /** `errorCode` of a missing record. */
  readonly missing?: string
  /** What is said of a missing record, where that is not the usual sentence. */
  readonly absent?: string | ((id: string, method: string) => string)
  /** Fields that are stored and never shown again. */
  readonly hidden?: readonly string[]
  /** The only fields that lists show, where they show fewer than other answers. */
  readonly lists?: readonly string[]
  /** Finishes a record before it is stored, new or changed. */
  readonly makes?: (call: ManagementCall, record: JsonObject) => JsonObject
  /** What answers show of a record. */
  readonly shows?: (record: JsonObject) => JsonObject
}
