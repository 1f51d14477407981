import type { Json, JsonObject } from '../../../plan/index.ts'
import { objectsOf, without } from '../records.ts'

/** Secrets as they are shown: their names and when they were set. `earlier` keeps the time of those that stay. */
export function namedSecrets(
  secrets: Json | undefined,
  now: string,
  earlier: Json | undefined = [],
): readonly JsonObject[] {
  const before = new Map(objectsOf(earlier).map((secret) => [secret['name'], secret]))
  return objectsOf(secrets).map((secret) => {
    const known = before.get(secret['name'])
    // A secret that is named without a value keeps the one it has.
    if (secret['value'] === undefined && known !== undefined) return known
    return { name: secret['name'] ?? '', updated_at: now, $value: secret['value'] ?? '' }
  })
}

/** The same list without its values. */
export function shownSecrets(secrets: Json | undefined): readonly JsonObject[] {
  return objectsOf(secrets).map((secret) => without(secret, '$value'))
}
