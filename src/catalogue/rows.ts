import { packedRows, secretSets } from './generated/rows.ts'
import { unpack } from './packed.ts'
import type { OperationRow } from './row.ts'

const positions = new Map<string, number>()
const unpacked: OperationRow[] = []
let everything: readonly OperationRow[] | undefined

function at(position: number): OperationRow {
  let found = unpacked[position]
  if (found === undefined) {
    const packed = packedRows[position]
    if (packed === undefined) throw new RangeError(`The catalogue has no row ${position}.`)
    found = unpack(packed, secretSets)
    unpacked[position] = found
  }
  return found
}

/** All operations that the catalogue knows, in order of their ids. */
export function rows(): readonly OperationRow[] {
  everything ??= packedRows.map((_, position) => at(position))
  return everything
}

/** The row of an operation id (`users.update`, `authentication.token`); `undefined` for an id the catalogue lacks. */
export function row(id: string): OperationRow | undefined {
  if (positions.size === 0) for (const [index, packed] of packedRows.entries()) positions.set(packed[0], index)
  const position = positions.get(id)
  return position === undefined ? undefined : at(position)
}

/** Ids of all operations, in order; reads no row. */
export function operationIds(): readonly string[] {
  return packedRows.map((packed) => packed[0])
}

const CODE = ['code']
const NONE: readonly string[] = []

/**
 * Names that hold no secret in requests and answers of an operation, although elsewhere they do: the Management API says
 * `code` of errors, countries and actions; a login's code is in none of them.
 */
export function openNames({ api }: Pick<OperationRow, 'api'>): readonly string[] {
  return api === 'management' ? CODE : NONE
}
