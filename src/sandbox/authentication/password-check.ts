import type { JsonObject } from '../../plan/index.ts'
import { checkPassword } from '../management/index.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../tenant/index.ts'

/** What a connection's password policy has against a password; `undefined` when nothing. */
export function passwordWeakness(connection: Connection, user: JsonObject, password: string): string | undefined {
  try {
    checkPassword(connection, user, password)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}
