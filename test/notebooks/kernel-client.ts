import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CellMessage } from '../../src/notebook/cells/messages.ts'

const DELIMITER = '<IDS|MSG>'

interface Socket {
  connect(address: string): void
  close(): void
  [Symbol.asyncIterator](): AsyncIterator<Buffer[]>
}
interface ZeroMq {
  readonly Dealer: new (options: { routingId: string }) => Socket & { send(frames: readonly string[]): Promise<void> }
  readonly Subscriber: new () => Socket & { subscribe(): void }
}

const require = createRequire(import.meta.url)

// zeromq comes with tslab; the repository has no use for it of its own.
function zeroMq(): ZeroMq {
  return createRequire(require.resolve('tslab/package.json'))('zeromq') as ZeroMq
}

interface Envelope {
  readonly type: string
  readonly parent?: string
  readonly content: Readonly<Record<string, unknown>>
}

/** How to start a kernel; tslab as it comes when left out. */
interface KernelOptions {
  /** A file that Node loads before tslab. */
  readonly preload?: string
  /** Variables of the kernel beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** The command of another kernel, given its connection file. */
  readonly command?: (connection: string) => readonly [string, ...string[]]
}

/** What happens while a cell runs. */
interface ExecuteOptions {
  /** Answers the question that the cell asks; without it the front end says that it takes none. */
  readonly answer?: string
  readonly whileRunning?: () => Promise<void> | void
  /** Instead of an answer: what happens while the question stands open. */
  readonly whileAsked?: () => void
  /** Fields of the request in place of those that a front end sends of itself. */
  readonly request?: Readonly<Record<string, unknown>>
  /** Not to wait for the kernel to be idle: a kernel that loses messages may lose that one. */
  readonly untilReply?: boolean
  /** Milliseconds after the reply in which the kernel must have told that it is idle; as long as it takes when left out. */
  readonly idleWithin?: number
}

type Shown = Extract<CellMessage, { kind: 'display' | 'update' | 'result' }>['content']
type Raised = Extract<CellMessage, { kind: 'error' }>['content']

/** How a cell ended in the kernel. */
export interface KernelReply {
  /** Of the request. */
  readonly id: string
  readonly status: string
  readonly messages: readonly CellMessage[]
  /** False where the kernel did not tell in time that it is idle, so that it may have lost other messages too. */
  readonly whole: boolean
  /** The content of the `execute_reply`. */
  readonly reply: Readonly<Record<string, unknown>>
  /** The content of the question that the cell asked. */
  readonly question?: Readonly<Record<string, unknown>>
}

/** A Jupyter client for one tslab kernel: starts it, and speaks with it over signed zeromq messages. */
export class KernelClient {
  readonly #process: ChildProcess
  readonly #folder: string
  readonly #key: string
  readonly #shell: InstanceType<ZeroMq['Dealer']>
  readonly #iopub: InstanceType<ZeroMq['Subscriber']>
  readonly #stdin: InstanceType<ZeroMq['Dealer']>
  readonly #session = randomUUID()
  readonly #received: Envelope[] = []
  readonly #waiting = new Set<() => void>()
  #said = ''
  #running = ''

  private constructor(process: ChildProcess, folder: string, key: string, ports: readonly number[]) {
    const { Dealer, Subscriber } = zeroMq()
    // A kernel asks on the stdin channel by the name that it knows from the shell channel.
    const routingId = randomUUID()
    this.#process = process
    this.#folder = folder
    this.#key = key
    this.#shell = new Dealer({ routingId })
    this.#iopub = new Subscriber()
    this.#stdin = new Dealer({ routingId })
    this.#shell.connect(`tcp://127.0.0.1:${ports[0]}`)
    this.#iopub.connect(`tcp://127.0.0.1:${ports[1]}`)
    this.#stdin.connect(`tcp://127.0.0.1:${ports[2]}`)
    this.#iopub.subscribe()
    for (const stream of [process.stdout, process.stderr]) stream?.on('data', (chunk) => (this.#said += String(chunk)))
    process.once('exit', () => this.#wake())
    for (const socket of [this.#shell, this.#iopub, this.#stdin]) void this.#listen(socket)
  }

  /**
   * Starts a kernel in a working folder and waits until it answers; again where it does not, since another program may
   * have taken one of its ports meanwhile.
   */
  static async start(cwd: string, options: KernelOptions = {}): Promise<KernelClient> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await KernelClient.#begin(cwd, options)
      } catch (error) {
        if (attempt === 3) throw error
      }
    }
  }

  static async #begin(cwd: string, { preload, env = {}, command }: KernelOptions): Promise<KernelClient> {
    const folder = mkdtempSync(join(tmpdir(), 'tenantlab-kernel-'))
    const ports = await freePorts(5)
    const key = randomUUID()
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports
    const config = join(folder, 'connection.json')
    const connection = { ip: '127.0.0.1', transport: 'tcp', signature_scheme: 'hmac-sha256', key }
    writeFileSync(config, JSON.stringify({ ...connection, shell_port, iopub_port, stdin_port, control_port, hb_port }))
    const program = require.resolve('tslab/bin/tslab')
    const node = [...(preload === undefined ? [] : ['--require', preload]), program, 'kernel', '--config-path', config]
    const [name, ...args] = command?.(config) ?? [process.execPath, ...node]
    const child = spawn(name, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const client = new KernelClient(child, folder, key, ports)
    const greet = async (): Promise<void> => {
      await client.#request('kernel_info_request', {})
      // A subscriber that joins late misses what was published; the first `idle` it sees shows that it has joined.
      while (!client.#received.some(({ type }) => type === 'status')) await client.#request('kernel_info_request', {})
    }
    let patience: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_, reject) => {
      patience = setTimeout(() => reject(new Error('The kernel did not answer within 40 seconds.')), 40_000)
    })
    try {
      await Promise.race([greet(), silence])
    } catch (error) {
      await client.close()
      throw error
    } finally {
      clearTimeout(patience)
    }
    return client
  }

  /** Runs a cell and gives everything that it put out until the kernel was idle again. */
  async execute(
    code: string,
    { answer, request = {}, whileAsked, whileRunning, untilReply, idleWithin }: ExecuteOptions = {},
  ): Promise<KernelReply> {
    const options = {
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: answer !== undefined || whileAsked !== undefined,
      stop_on_error: true,
      ...request,
    }
    const id = randomUUID()
    this.#running = id
    const replied = this.#request('execute_request', { code, ...options }, id)
    const asked = answer === undefined ? undefined : this.#answer(id, answer)
    if (whileAsked !== undefined) {
      await this.#until((one) => one.parent === id && one.type === 'input_request')
      whileAsked()
    }
    await whileRunning?.()
    const reply = await replied
    const question = await asked
    const isIdle = (one: Envelope): boolean =>
      one.parent === id && one.type === 'status' && one.content.execution_state === 'idle'
    if (untilReply !== true) {
      const late = idleWithin === undefined ? [] : [sleep(idleWithin, undefined, { ref: false })]
      await Promise.race([this.#until(isIdle), ...late])
    }
    const mine = this.#received.filter((one) => one.parent === id)
    const messages = mine.flatMap(({ type, content }): CellMessage[] => {
      if (type === 'stream') return [{ kind: 'stream', name: String(content.name), text: String(content.text) }]
      if (type === 'display_data') return [{ kind: 'display', content: content as unknown as Shown }]
      if (type === 'execute_result') return [{ kind: 'result', content: content as unknown as Shown }]
      if (type === 'error') return [{ kind: 'error', content: content as unknown as Raised }]
      return type === 'update_display_data' ? [{ kind: 'update', content: content as unknown as Shown }] : []
    })
    const whole = this.#received.some(isIdle)
    return { id, status: String(reply.status), messages, whole, reply, ...(question === undefined ? {} : { question }) }
  }

  /** Waits until the cell that runs now has put something out that contains `text`. */
  async shows(text: string): Promise<void> {
    const cell = this.#running
    const found = await this.#until(
      (one) => one.parent === cell && (one.type === 'execute_reply' || JSON.stringify(one.content).includes(text)),
    )
    if (found.type === 'execute_reply') throw new Error(`The cell ended without showing ${text}: ${this.#said}`)
  }

  /** What a front end does when its user presses the stop button. */
  interrupt(): void {
    this.#process.kill('SIGINT')
  }

  /** What the kernel's process has written outside of any cell. */
  get said(): string {
    return this.#said
  }

  /** True when any cell so far has printed `text`. */
  hasShown(text: string): boolean {
    return this.#received.some(({ type, content }) => type === 'stream' && String(content.text).includes(text))
  }

  /** Contents of the messages of a type that a request has got. */
  received(type: string, request: string): readonly Envelope['content'][] {
    return this.#received.filter((one) => one.parent === request && one.type === type).map(({ content }) => content)
  }

  /** How many messages of a type have come in for all requests so far. */
  count(type: string): number {
    return this.#received.filter((one) => one.type === type).length
  }

  /** Completions at the end of `code`. */
  async complete(code: string): Promise<readonly string[]> {
    const content = await this.#request('complete_request', { code, cursor_pos: code.length })
    return content.matches as readonly string[]
  }

  async #answer(parent: string, value: string): Promise<Envelope['content'] | undefined> {
    const fits = (one: Envelope): boolean =>
      one.parent === parent && (one.type === 'input_request' || one.type === 'execute_reply')
    const question = await this.#until(fits)
    if (question.type === 'execute_reply') return undefined
    const header = { msg_id: randomUUID(), session: this.#session, username: 'test', msg_type: 'input_reply' }
    const parts = [{ ...header, version: '5.3', date: '' }, {}, {}, { value }].map((part) => JSON.stringify(part))
    await this.#stdin.send([DELIMITER, this.#sign(parts), ...parts])
    return question.content
  }

  /** Ends the kernel and removes its files. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('close', resolve))
    this.#process.kill('SIGKILL')
    if (this.#process.exitCode === null && this.#process.signalCode === null) await gone
    for (const socket of [this.#shell, this.#iopub, this.#stdin]) socket.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #request(type: string, content: object, id: string = randomUUID()): Promise<Envelope['content']> {
    const header = { msg_id: id, session: this.#session, username: 'test', msg_type: type, version: '5.3', date: '' }
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part))
    await this.#shell.send([DELIMITER, this.#sign(parts), ...parts])
    const answer = type.replace('_request', '_reply')
    return (await this.#until((one) => one.parent === id && one.type === answer)).content
  }

  async #until(fits: (one: Envelope) => boolean): Promise<Envelope> {
    for (;;) {
      const found = this.#received.find(fits)
      if (found !== undefined) return found
      if (this.#process.exitCode !== null || this.#process.signalCode !== null)
        throw new Error(`The kernel has ended: ${this.#said}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }

  async #listen(socket: Socket): Promise<void> {
    for await (const frames of { [Symbol.asyncIterator]: () => socket[Symbol.asyncIterator]() }) {
      const at = frames.findIndex((frame) => frame.toString() === DELIMITER)
      const [signature, ...parts] = frames.slice(at + 1).map((frame) => frame.toString())
      if (signature !== this.#sign(parts.slice(0, 4)))
        throw new Error('The kernel sent a message with a wrong signature.')
      const [header, parent, , content] = parts.slice(0, 4).map((part) => JSON.parse(part) as Record<string, unknown>)
      this.#received.push({
        type: String(header?.msg_type),
        content: content ?? {},
        ...(parent?.msg_id === undefined ? {} : { parent: String(parent.msg_id) }),
      })
      this.#wake()
    }
  }

  #sign(parts: readonly string[]): string {
    const hmac = createHmac('sha256', this.#key)
    for (const part of parts) hmac.update(part)
    return hmac.digest('hex')
  }
}

/** Ports that nobody listened on a moment ago; a kernel wants to be told its ports. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject)
          server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
