import type { JsonObject } from '../../plan/index.ts'
import type { ManagementCall } from '../contract.ts'
import { pick, publicRecord, without } from './records.ts'

/** The fields that the query names, without blanks. */
export function namedFields(call: ManagementCall): readonly string[] {
  const named = call.query['fields']
  if (named === undefined) return []
  return named
    .split(',')
    .map((field) => field.trim())
    .filter((field) => field !== '')
}

/** Applies `fields` and `include_fields`: a whitelist unless `include_fields` is false. */
export function project(call: ManagementCall, record: JsonObject): JsonObject {
  return projectShown(call, publicRecord(record))
}

/** The same for a record that holds nothing private any more. */
export function projectShown(call: ManagementCall, shown: JsonObject): JsonObject {
  const fields = namedFields(call)
  if (fields.length === 0) return shown
  return call.query['include_fields'] === 'false' ? without(shown, ...fields) : pick(shown, ...fields)
}
