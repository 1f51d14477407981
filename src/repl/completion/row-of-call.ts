import type { OperationRow } from '../../catalogue/index.ts'
import { shapeOfChain, type Token } from '../../code/index.ts'
import type { PlaceInCall } from './place-in-call.ts'

/** The operation whose arguments a place stands in, where it is the body or the query. */
export function rowOfCall(
  tokens: readonly Token[],
  place: PlaceInCall,
  variables: Readonly<Record<string, unknown>>,
): OperationRow | undefined {
  const shape = shapeOfChain(tokens, place.callee, variables)
  return shape?.kind === 'verb' && place.argument === ownArguments(shape.row) ? shape.row : undefined
}

function ownArguments(row: OperationRow): number {
  return row.parameters.filter((parameter) => parameter.segment === -1).length
}
