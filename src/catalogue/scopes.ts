import type { OperationRow } from './row.ts'

/** `read:clients` for `clients.get`: the scope of the whole record, not of a part of it. */
export function isNamedAfter(scope: string, { group }: Pick<OperationRow, 'group'>): boolean {
  const [first = ''] = group
  return scope.slice(scope.indexOf(':') + 1) === first.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Scopes of which any would do, the usual one first: who is asked to grant one reads that one. */
export function usualFirst(scopes: readonly string[], row: Pick<OperationRow, 'group'>): readonly string[] {
  return [...scopes].sort((a, b) => Number(isNamedAfter(b, row)) - Number(isNamedAfter(a, row)))
}
