import { randomUUID } from 'node:crypto'

let mark: string | undefined

/** Names this process, for identities that mean nothing in another one and must not be met there. */
export function processMark(): string {
  mark ??= randomUUID()
  return mark
}
