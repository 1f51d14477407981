import type { Json } from '../plan/index.ts'

/** Where a field of a word goes: `client` names the application, and of `none` the word makes something itself. */
export type FieldPlace = 'body' | 'query' | 'header' | 'client' | 'none'

/** One field of a word that was chosen by hand: what it is called, where it goes, and what there is to say of it. */
export interface WordField {
  /** As it is written here, in camelCase. */
  readonly name: string
  /** As it is called on the wire. */
  readonly wire: string
  readonly in: FieldPlace
  /** Its TypeScript type, as a hover shows it. */
  readonly type: string
  readonly required: boolean
  readonly secret: boolean
  /** Name of the secret in a plan, where it is not the name on the wire. */
  readonly slot?: string
  /** Values that it is known to take; others pass. */
  readonly values: readonly string[]
  /** What is sent where it is left out. */
  readonly fallback?: Json
  /** What is put before the value on the wire. */
  readonly prefix?: string
  /** A value for messages. */
  readonly sample?: string
  readonly says: string
}

/** One word that was chosen by hand, as data. */
export interface WordRow {
  /** What follows `auth0.`, with `()` for a call on the way: `mfa().verify.otp`. */
  readonly path: string
  /** The operation that it sends; absent for a word that only leads to others, or sends nothing. */
  readonly operation?: string
  readonly grant?: string
  /** True where the request is sent again until a person has confirmed. */
  readonly polls: boolean
  /** Fields that are always sent, in wire names. */
  readonly constants: { readonly [wire: string]: Json }
  /** True where names that the row lacks are sent as they are. */
  readonly open: boolean
  /** True where `null` may stand for the object. */
  readonly nullable: boolean
  /** True where the object of fields may be left out. */
  readonly optional: boolean
  /** Fields of the one object that it takes; absent where it takes plain arguments. */
  readonly fields?: readonly WordField[]
  readonly args: readonly WordField[]
  /** What the word makes of its arguments, where that is not one field for each. */
  readonly made?: readonly WordField[]
  /** The arguments, where they are not simply those of the row. */
  readonly signature?: string
  /** Names that may follow, where it leads to others. */
  readonly leads?: string
  readonly says: string
  readonly example: string
  readonly docs: string
}

/** A field as the generator writes it: what differs from the usual. */
export type PackedField = Partial<WordField> & Pick<WordField, 'name' | 'says'>

/** A row as the generator writes it. */
export interface PackedWord extends Partial<Omit<WordRow, 'fields' | 'args' | 'made'>> {
  readonly path: string
  readonly says: string
  readonly example: string
  readonly docs: string
  readonly fields?: readonly PackedField[]
  readonly args?: readonly PackedField[]
  readonly made?: readonly PackedField[]
  /** True where it takes the application as well. */
  readonly client?: boolean
}
