import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Programs } from '../../code/index.ts'
import type { KernelMessage, KernelServer } from './tslab.ts'

/** The request whose cell runs, and the server that got it. */
export interface Asking {
  readonly server: KernelServer
  readonly message: KernelMessage
}

/** Asks the reader through the front end, with the answer hidden where asked for. */
export class KernelPrompt {
  readonly #programs: Programs
  readonly #listening = new WeakSet<KernelServer>()
  #answer: ((value: string) => void) | undefined
  asking: Asking | undefined

  constructor(programs: Programs) {
    this.#programs = programs
  }

  /** False where no cell runs or its front end has no place for a question, as in `nbclient`. */
  get possible(): boolean {
    return this.asking?.message.content.allow_stdin === true
  }

  /**
   * @param question What the front end shows.
   * @param hidden Whether it hides what is typed.
   */
  ask(question: string, hidden: boolean): Promise<string> {
    const { asking } = this
    if (asking === undefined || !this.possible) {
      return Promise.reject(
        new Error('The front end of this notebook takes no questions, so that nothing can be asked.'),
      )
    }
    if (this.#answer !== undefined) {
      return Promise.reject(new Error('Another question is still open. Ask one after the other.'))
    }
    const { server, message } = asking
    this.#listen(server)
    return new Promise<string>((resolve, reject) => {
      const done = this.#programs.onInterrupt(() => {
        settle()
        reject(new Error('The question was interrupted. Run the cell again to be asked again.'))
      })
      const settle = (): void => {
        done()
        this.#answer = undefined
      }
      this.#answer = (value) => {
        settle()
        resolve(value)
      }
      const request = message.createReply()
      request.header.msg_type = 'input_request'
      request.content = { prompt: question, password: hidden }
      request.signAndSend(server.connInfo.key, server.stdin)
    })
  }

  #listen(server: KernelServer): void {
    if (this.#listening.has(server)) return
    this.#listening.add(server)
    void this.#receive(server)
  }

  async #receive(server: KernelServer): Promise<void> {
    for (;;) {
      let frames: Uint8Array[]
      try {
        frames = await server.stdin.receive()
      } catch {
        // The kernel has closed the socket: there is nobody left to ask.
        return
      }
      const value = answerIn(frames, server.connInfo.key)
      if (value !== undefined) this.#answer?.(value)
    }
  }
}

/** The text of an `input_reply`; `undefined` for anything else, a message with a wrong signature included. */
function answerIn(frames: readonly Uint8Array[], key: string): string | undefined {
  const parts = frames.map((frame) => Buffer.from(frame))
  const at = parts.findIndex((part) => part.toString() === '<IDS|MSG>')
  const [signature, header, parent, metadata, content] = parts.slice(at + 1)
  if (at < 0 || !signature || !header || !parent || !metadata || !content) return undefined
  const hmac = createHmac('sha256', key)
  for (const part of [header, parent, metadata, content]) hmac.update(part)
  const expected = Buffer.from(hmac.digest('hex'))
  if (key !== '' && (expected.length !== signature.length || !timingSafeEqual(expected, signature))) return undefined
  const { msg_type } = JSON.parse(header.toString()) as { msg_type?: string }
  if (msg_type !== 'input_reply') return undefined
  const { value } = JSON.parse(content.toString()) as { value?: unknown }
  return typeof value === 'string' ? value : undefined
}
