import type { JsonObject } from '../../plan/index.ts'
import { collection, type OutboxMessage } from '../contract.ts'
import type { Core } from '../core.ts'

/** A question to a person, whose answer a client polls for. */
export interface ApprovalRequest {
  /** Collection and key under which the question is kept. */
  readonly table: string
  readonly key: string
  readonly record: JsonObject
  readonly message: Pick<OutboxMessage, 'to' | 'text'> & Partial<Pick<OutboxMessage, 'code' | 'url' | 'user_id'>>
  /** What approval adds to the record. */
  readonly approved?: () => JsonObject
}

/** Keeps a question as pending, and puts the message into the outbox that answers it. */
export function askForApproval(core: Core, { approved, key, message, record, table }: ApprovalRequest): void {
  const questions = collection(core.tables, table)
  questions.set(key, { ...record, status: 'pending' })
  const settle = (change: JsonObject): void => {
    const current = collection(core.tables, table).get(key)
    if (current?.status !== 'pending') throw alreadyAnswered()
    collection(core.tables, table).set(key, { ...current, ...change })
  }
  core.deliver({
    kind: 'push',
    ...message,
    approve: () => settle({ status: 'approved', ...approved?.() }),
    reject: () => settle({ status: 'rejected' }),
  })
}

/** The error of a second answer, or of one that comes too late to matter. */
export function alreadyAnswered(): Error {
  return new Error('This message was answered before, or its login has ended. Start the login again for a new message.')
}

/** Notes a poll; true when the one before was less than `interval` milliseconds ago. */
export function pollsEarly(core: Core, table: string, key: string, interval: number): boolean {
  const questions = collection(core.tables, table)
  const record = questions.get(key)
  const now = core.clock.now()
  const last = typeof record?.polled_at === 'number' ? record.polled_at : Number.NEGATIVE_INFINITY
  if (record) questions.set(key, { ...record, polled_at: now })
  return now - last < interval
}
