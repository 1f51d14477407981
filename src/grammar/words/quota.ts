import { fieldsOf, type TokenQuota } from '../../catalogue/index.ts'
import type { Json, JsonObject } from '../../plan/index.ts'
import { ValidationError } from '../../plan/index.ts'
import { describe, requireOptions } from './arguments.ts'

const MOST = 2147483647

/** A token quota in Auth0's wire names; only what was given is sent, `null` clears. */
export function quotaBody(place: string, quota: TokenQuota | null): Json {
  if (quota === null) return null
  const fields = fieldsOf('clients().quota')
  requireOptions(
    place,
    quota,
    fields.map(({ name }) => name),
  )
  const given: Record<string, Json> = {}
  for (const { name, wire, type } of fields) {
    const value = quota[name as keyof TokenQuota] as Json | undefined
    if (value === undefined) continue
    if (type === 'boolean') requireBoolean(place, value)
    else requireTokens(place, name, value)
    given[wire] = value
  }
  if (Object.keys(given).length === 0) {
    throw new ValidationError(
      `${place} got an empty quota. Give perDay, perHour or enforce, or null to clear the quota.`,
      { issues: [{ path: '', rule: 'must have at least one member' }] },
    )
  }
  return { client_credentials: given }
}

function requireTokens(place: string, name: string, value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST) return
  throw new ValidationError(
    `${place} needs "${name}" as a whole number of tokens from 1 to ${MOST}; it got ${
      typeof value === 'number' ? value : describe(value)
    }. To refuse all tokens, remove the client's grant instead.`,
    { issues: [{ path: name, rule: `must be an integer from 1 to ${MOST}` }] },
  )
}

function requireBoolean(place: string, value: unknown): void {
  if (typeof value === 'boolean') return
  throw new ValidationError(`${place} needs "enforce" as true or false; it got ${describe(value)}.`, {
    issues: [{ path: 'enforce', rule: 'must be a boolean' }],
  })
}

/** Levels of a tenant's default quotas that a chain has named so far. */
export type QuotaLevels = JsonObject
