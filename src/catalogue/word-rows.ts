import { clientFields, packedWords } from './generated/words.ts'
import type { PackedField, PackedWord, WordField, WordRow } from './word-row.ts'

let table: ReadonlyMap<string, WordRow> | undefined

function words(): ReadonlyMap<string, WordRow> {
  table ??= new Map(packedWords().map((packed) => [packed.path, unpackedWord(packed)]))
  return table
}

/** All words that were chosen by hand. */
export function wordRows(): readonly WordRow[] {
  return [...words().values()]
}

/** The row of a word by its path (`login.password`, `mfa().verify.otp`); `undefined` where there is none. */
export function wordRow(path: string): WordRow | undefined {
  return words().get(path)
}

/** The page about a grant of the token endpoint; `undefined` where no word has it. */
export function pageOfGrant(grant: string): string | undefined {
  const plain = grant.replace(/^.*\/password-realm$/, 'password')
  return wordRows().find((word) => word.grant === plain)?.docs
}

/**
 * The fields of the object that a word takes, for completion, checks and help: names, wire names, types, whether they are
 * required or secret, known values, and a sentence on each.
 *
 * @param path What follows `auth0.`: `login.password`, `database.signup`, `clients().quota`.
 * @returns The fields in the order of the row; empty where the word takes no object, or is none.
 */
export function fieldsOf(path: string): readonly WordField[] {
  return wordRow(path)?.fields ?? []
}

function unpackedWord({ fields, args, made, client, ...packed }: PackedWord): WordRow {
  const own = client === true ? [...(fields ?? []), ...clientFields] : fields
  return {
    polls: false,
    constants: {},
    open: false,
    nullable: false,
    optional: false,
    ...packed,
    ...(own !== undefined && { fields: own.map(unpackedField) }),
    args: (args ?? []).map(unpackedField),
    ...(made !== undefined && { made: made.map(unpackedField) }),
  }
}

function unpackedField(packed: PackedField): WordField {
  return { wire: packed.name, in: 'body', type: 'string', required: false, secret: false, values: [], ...packed }
}
