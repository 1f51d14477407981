import { writeSync } from 'node:fs'
import type { Frames, KernelServer, KernelSocket } from './tslab.ts'

const NAMES = ['iopub', 'shell', 'control', 'stdin', 'hb'] as const

/** Stands the queues before the sockets of all servers to come, and lets a server close when all is sent. */
export function queueSockets(prototype: KernelServer): void {
  for (const name of NAMES) {
    const queued = new WeakMap<object, QueuedSocket>()
    Object.defineProperty(prototype, name, {
      get(this: object) {
        return queued.get(this)
      },
      set(this: object, socket: KernelSocket) {
        queued.set(this, new QueuedSocket(socket))
      },
    })
  }
  const { close } = prototype
  prototype.close = function () {
    const sent = NAMES.map((name) => (this[name] as QueuedSocket | undefined)?.sent)
    void Promise.all(sent).then(() => close.call(this))
  }
}

/**
 * A socket that sends one message after the other: a zeromq socket refuses a message while it is busy with another or
 * still binding, and tslab does not wait.
 */
class QueuedSocket implements KernelSocket {
  readonly #socket: KernelSocket
  /** Resolves when everything so far is sent. */
  sent: Promise<void> = Promise.resolve()

  constructor(socket: KernelSocket) {
    this.#socket = socket
    // Beyond its high-water mark a publisher drops messages.
    socket.sendHighWaterMark = 0
  }

  bind(address: string): Promise<void> {
    const bound = this.#socket.bind(address)
    // A socket that cannot be bound fails the start of the kernel, not a message.
    this.sent = bound.catch(() => undefined)
    return bound
  }

  send(frames: Frames): Promise<void> {
    this.sent = this.sent.then(() => this.#socket.send(frames)).catch(complain)
    return this.sent
  }

  receive(): Promise<Uint8Array[]> {
    return this.#socket.receive()
  }

  close(): void {
    this.#socket.close()
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array[]> {
    return this.#socket[Symbol.asyncIterator]()
  }
}

/** By the file itself: a cell's stream would need the socket that has just failed. */
function complain(error: unknown): void {
  writeSync(2, `A message of the kernel was not sent: ${String(error)}\n`)
}
