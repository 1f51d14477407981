import type { MergeRule } from '../catalogue/index.ts'
import type { Json, JsonObject } from '../plan/index.ts'
import { isJsonObject } from '../plan/index.ts'

/** Members that the server owns: a replacement does not touch them. */
const SERVER_OWNED = /^(id|_id|.*_id|created_at|updated_at|identities|last_login|last_ip|logins_count)$/
/** Members of a user update that no reading shows. */
const NOT_READABLE = new Set(['password', 'verify_email', 'verify_phone_number', 'connection', 'client_id'])

/** What a write would leave behind, from what is there and what is sent. */
export function applyMerge(rule: MergeRule, before: Json, body: Json | undefined): Json {
  switch (rule) {
    case 'create':
      return body ?? null
    case 'remove':
      return null
    case 'replace':
      return isJsonObject(before) && isJsonObject(body) ? { ...serverOwned(before), ...body } : (body ?? null)
    case 'assign':
      return assign(before, body)
    case 'assign-client':
      return assign(before, body, ['client_metadata'])
    case 'assign-user': {
      if (!isJsonObject(body)) return before
      const readable = Object.fromEntries(Object.entries(body).filter(([key]) => !NOT_READABLE.has(key)))
      return assign(before, readable, ['user_metadata', 'app_metadata'])
    }
  }
}

function assign(before: Json, body: Json | undefined, merged: readonly string[] = []): Json {
  if (!isJsonObject(body)) return body ?? before
  const after: Record<string, Json> = isJsonObject(before) ? { ...before } : {}
  for (const [key, value] of Object.entries(body)) {
    if (value === null) delete after[key]
    else if (merged.includes(key) && isJsonObject(value)) after[key] = mergeFirstLevel(after[key], value)
    else after[key] = value
  }
  return after
}

/** Auth0 merges metadata on the first level only: `null` deletes a key, and an empty object deletes them all. */
function mergeFirstLevel(before: Json | undefined, change: JsonObject): Json {
  if (Object.keys(change).length === 0) return {}
  const after: Record<string, Json> = isJsonObject(before) ? { ...before } : {}
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete after[key]
    else after[key] = value
  }
  return after
}

function serverOwned(before: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(before).filter(([key]) => SERVER_OWNED.test(key)))
}

/**
 * The body that undoes a write by the same operation: merged over what the write left, it restores what was there.
 *
 * @param before the record before the write.
 * @param body what the write sent.
 */
export function undoMerge(rule: MergeRule, before: JsonObject, body: JsonObject): JsonObject {
  if (rule === 'replace') {
    return Object.fromEntries(Object.entries(before).filter(([key]) => !SERVER_OWNED.test(key)))
  }
  const merged =
    rule === 'assign-user' ? ['user_metadata', 'app_metadata'] : rule === 'assign-client' ? ['client_metadata'] : []
  return Object.fromEntries(
    Object.entries(body).map(([key, sent]) => {
      const old = before[key]
      if (merged.includes(key) && isJsonObject(sent) && Object.keys(sent).length > 0) {
        const known = isJsonObject(old) ? old : {}
        return [key, Object.fromEntries(Object.keys(sent).map((name) => [name, known[name] ?? null]))]
      }
      return [key, old ?? absent(sent)]
    }),
  )
}

/** What clears a field that was not there: a flag is off, a text is empty, everything else takes null. */
function absent(sent: Json): Json {
  if (typeof sent === 'boolean') return false
  return typeof sent === 'string' ? '' : null
}
