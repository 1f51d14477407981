import { openNames } from '../../catalogue/index.ts'
import { cleanArgument } from '../../grammar/index.ts'
import {
  type Json,
  type JsonObject,
  type PlanData,
  planData,
  type SecretValues,
  secretNames,
} from '../../plan/index.ts'
import { rowOf } from '../../wire/index.ts'

/**
 * A plan whose literal secrets have become slots, and their values: what was written by hand or came as JSON may hold some. The
 * same plan where it holds none.
 *
 * @throws NotJson for what JSON cannot carry.
 */
export function liftSecrets(data: PlanData): { readonly data: PlanData; readonly secrets: SecretValues } {
  const row = rowOf(data)
  const open = openNames(row)
  const secrets: Record<string, string> = {}
  const lift = (value: Json | undefined, paths: readonly string[]) => {
    if (value === undefined) return undefined
    const clean = cleanArgument(value, paths, open, [...secretNames(data), ...Object.keys(secrets)])
    Object.assign(secrets, clean.secrets)
    return clean
  }
  const body = lift(data.body, row.secretBody)
  const query = lift(data.query, [])
  const over = lift(data.options?.query, [])
  const { v: _, ...fields } = data
  return {
    data: planData({
      ...fields,
      ...(query && { query: query.json as JsonObject }),
      ...(body && { body: body.json }),
      ...(over && { options: { ...data.options, query: over.json as JsonObject } }),
    }),
    secrets,
  }
}
