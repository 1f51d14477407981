import { guardedContent, guardedText } from '../../display/index.ts'
import type { CellState } from './executor.ts'
import { CellOutput } from './output.ts'
import type { KernelPrompt } from './prompt.ts'
import type { KernelMessage, KernelServer, KernelSocket } from './tslab.ts'

/** Milliseconds after a failure in which requests that were sent before it may still come in. */
const LATE = 1000
/** The same for requests that do not tell when they were sent. */
const SOON = 20

interface Failure {
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * Runs the cells that a front end asks for, one after the other, as Jupyter's messaging protocol says: each tells its
 * input, its count, its result and its error, and a failure ends the requests that were sent before it, unless they ask
 * for something else.
 */
export class ExecuteQueue {
  readonly #server: KernelServer
  readonly #state: CellState
  readonly #prompt: KernelPrompt
  #count = 0
  #last: Promise<void> = Promise.resolve()
  #failure: Failure | undefined

  constructor(server: KernelServer, state: CellState, prompt: KernelPrompt) {
    this.#server = server
    this.#state = state
    this.#prompt = prompt
  }

  /** Runs a request when those before it have ended. */
  add(socket: KernelSocket, message: KernelMessage): Promise<void> {
    const received = Date.now()
    this.#last = this.#last.then(async () => {
      const content = this.#isAborted(message, received) ? { status: 'aborted' } : await this.#run(message)
      const reply = message.createReply()
      reply.header.msg_type = 'execute_reply'
      reply.content = content
      reply.signAndSend(this.#server.connInfo.key, socket)
    })
    return this.#last
  }

  #isAborted({ header }: KernelMessage, received: number): boolean {
    if (this.#failure === undefined) return false
    const { at } = this.#failure
    const sent = Date.parse(header.date ?? '')
    return Number.isNaN(sent) ? received <= at + SOON : sent <= at && received <= at + LATE
  }

  async #run(message: KernelMessage): Promise<Record<string, unknown>> {
    const state = this.#state
    const { code, silent, store_history, stop_on_error } = message.content
    const isSilent = silent === true
    if (!isSilent && store_history !== false) this.#count += 1
    const execution_count = this.#count
    if (!isSilent) this.#publish(message, 'execute_input', { code, execution_count })
    const output = new CellOutput(
      (name, text) => this.#publish(message, 'stream', { name, text }),
      (content, update) =>
        this.#publish(message, update === true ? 'update_display_data' : 'display_data', { ...content }),
    )
    this.#prompt.asking = { server: this.#server, message }
    state.begin(execution_count)
    const isDone = await this.#carryOut(message, output)
    output.flush()
    const { error, result } = state
    if (isDone) {
      if (result !== undefined && !isSilent) {
        const { data } = guardedContent({ data: result, metadata: {} })
        this.#publish(message, 'execute_result', { execution_count, data, metadata: {} })
      }
      return { status: 'ok', execution_count, user_expressions: {}, payload: [] }
    }
    if (stop_on_error !== false) this.#failure = { at: Date.now() }
    const failed = {
      ename: error?.name ?? 'Error',
      evalue: guardedText(error?.message ?? 'The cell failed.'),
      traceback: guardedText(error?.printed ?? '').split('\n'),
    }
    if (!isSilent) this.#publish(message, 'error', failed)
    return { status: 'error', execution_count, ...failed }
  }

  /** Past tslab's own queue, which ends all requests of some time after a failure, whatever they ask for. */
  async #carryOut({ content }: KernelMessage, output: CellOutput): Promise<boolean> {
    try {
      await this.#server.handler.handleExecuteImpl(content, output.write, output.display)
      return true
    } catch {
      // tslab throws the count of a cell that failed; how it failed, the state of the cell knows.
      return false
    }
  }

  #publish(parent: KernelMessage, type: string, content: Record<string, unknown>): void {
    const message = parent.createReply()
    message.header.msg_type = type
    message.content = content
    message.signAndSend(this.#server.connInfo.key, this.#server.iopub)
  }
}
