import type { OutboxMessage } from './contract.ts'
import type { SandboxOutbox } from './types.ts'

const KINDS = ['sms', 'voice', 'email', 'push'] as const

/** The outbox as its owner sees it: an array of messages, plus a way to add one. */
export interface OutboxStore {
  readonly view: SandboxOutbox
  add(message: OutboxMessage): void
}

/** An empty outbox. Its list of push messages stands where an array's own `push` would. Its helpers are not enumerable, so that it prints and compares as the array it is. */
export function createOutbox(): OutboxStore {
  const messages: OutboxMessage[] = []
  const answer = (id: string | undefined, how: 'approve' | 'reject'): void => {
    const message = id === undefined ? messages.findLast((each) => each[how]) : messages.find((each) => each.id === id)
    const act = message?.[how]
    if (!act) {
      const which = id === undefined ? 'No message' : `No message with the id ${id}`
      throw new Error(`${which} in the outbox waits for an answer. Enrol or challenge a push authenticator first.`)
    }
    act()
  }
  const helpers: Record<string, unknown> = {
    last(kind?: OutboxMessage['kind'], to?: string) {
      const found = messages.findLast((each) => (!kind || each.kind === kind) && (!to || each.to === to))
      if (found) return found
      const wanted = `${kind ?? 'message'}${to ? ` to ${to}` : ''}`
      const present = messages.map((each) => `${each.kind} to ${each.to}`).join(', ') || 'nothing yet'
      throw new Error(`The outbox holds no ${wanted}; it holds ${present}. Send the request that causes it first.`)
    },
    approve: (id?: string) => answer(id, 'approve'),
    reject: (id?: string) => answer(id, 'reject'),
    clear: () => {
      messages.length = 0
    },
  }
  for (const [name, value] of Object.entries(helpers)) Object.defineProperty(messages, name, { value })
  for (const kind of KINDS)
    Object.defineProperty(messages, kind, { get: () => messages.filter((each) => each.kind === kind) })
  return { view: messages as unknown as SandboxOutbox, add: (message) => Array.prototype.push.call(messages, message) }
}

/** The same message, knowing afterwards how it was answered. */
export function rememberingAnswer(message: OutboxMessage): OutboxMessage {
  const { approve, reject } = message
  if (approve === undefined || reject === undefined) return message
  let answered: OutboxMessage['answered']
  return {
    ...message,
    approve() {
      approve()
      answered = 'approved'
    },
    reject() {
      reject()
      answered = 'rejected'
    },
    get answered() {
      return answered
    },
  }
}
