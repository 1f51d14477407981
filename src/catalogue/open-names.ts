import type { OperationRow } from './row.ts'

const CODE = ['code']
const NONE: readonly string[] = []

/**
 * Names that hold no secret in requests and answers of an operation, although elsewhere they do: the Management API says
 * `code` of errors, countries and actions; a login's code is in none of them.
 */
export function openNames({ api }: Pick<OperationRow, 'api'>): readonly string[] {
  return api === 'management' ? CODE : NONE
}
