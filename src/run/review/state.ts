import { canonicalJson, isJsonObject, type Json, sha256 } from '../../plan/index.ts'

/** Members that change without anybody changing anything. */
const RESTLESS = new Set(['last_login', 'last_ip', 'logins_count', 'updated_at', 'last_used', 'last_password_reset'])

/** A state without what changes by itself. */
export function settled(state: Json): Json {
  if (Array.isArray(state)) return state.map(settled)
  if (!isJsonObject(state)) return state
  return Object.fromEntries(
    Object.entries(state)
      .filter(([key]) => !RESTLESS.has(key))
      .map(([key, member]) => [key, settled(member)]),
  )
}

/** Equal for states that differ in nothing that matters. */
export function stateHash(state: Json): string {
  return `sha256-${sha256(canonicalJson(settled(state)))}`
}
