import type { Agent } from 'undici'
import { bundledImport } from '../../plan/index.ts'

/** Where the sandbox listens, and the authority to trust. */
export interface DispatcherTarget {
  /** Address at which this machine reaches it; 127.0.0.1 unless given. */
  readonly address?: string
  readonly httpPort: number
  readonly httpsPort?: number
  /** The authority to trust, made when the first connection needs it. */
  readonly ca?: () => Promise<string>
  /** True for hosts of the tenant; others are refused, so that nothing leaves the machine. */
  readonly knows: (host: string) => boolean
}

/** What undici may hand over to be told of an answer: one of these is there to be told of an error. */
interface ToldOfErrors {
  onResponseError?(controller: null, error: unknown): void
  onError?(error: unknown): void
}

type Undici = typeof import('undici')

let undici: Undici | undefined

/**
 * An undici dispatcher that takes every host of the tenant to the sandbox's port. TLS stays real: the server
 * name is kept and the sandbox's own authority is trusted. Where the sandbox speaks plain HTTP only, https origins are
 * taken to the HTTP port.
 *
 * undici takes as long to load as the rest of a start, so the first request loads it; a tenant for other processes never does.
 */
export class TenantDispatcher {
  readonly #target: DispatcherTarget
  #agent: Agent | undefined
  #loading: Promise<Agent> | undefined
  #ended = false

  constructor(target: DispatcherTarget) {
    this.#target = target
  }

  dispatch(options: object, handler: object): boolean {
    if (this.#agent === undefined && undici !== undefined) this.#open(undici)
    if (this.#agent !== undefined) return this.#agent.dispatch(options as never, handler)
    this.#load()
      .then((agent) => agent.dispatch(options as never, handler))
      .catch((error: unknown) => tell(handler, error))
    return true
  }

  /** Waits for the requests on their way; further ones fail. */
  async close(): Promise<void> {
    await (await this.#end())?.close()
  }

  /** Ends the requests on their way; further ones fail. */
  async destroy(): Promise<void> {
    await (await this.#end())?.destroy()
  }

  /** What has to be ended: nothing where no request has been sent. */
  #end(): Agent | Promise<Agent> | undefined {
    const agent = this.#agent ?? this.#loading
    if (agent === undefined) this.#ended = true
    return agent
  }

  #load(): Promise<Agent> {
    this.#loading ??= bundledImport(() => import('undici')).then((loaded) => {
      undici = loaded
      return this.#open(loaded)
    })
    return this.#loading
  }

  #open(loaded: Undici): Agent {
    if (this.#agent !== undefined) return this.#agent
    this.#agent = agentFor(this.#target, loaded)
    // Ended before its first request, which undici then refuses with its own error.
    if (this.#ended) void this.#agent.destroy()
    return this.#agent
  }
}

function tell(handler: ToldOfErrors, error: unknown): void {
  if (handler.onResponseError !== undefined) handler.onResponseError(null, error)
  else handler.onError?.(error)
}

function agentFor(target: DispatcherTarget, { Agent, buildConnector }: Undici): Agent {
  const secure = target.httpsPort !== undefined
  const host = target.address ?? '127.0.0.1'
  const plain = buildConnector({})
  let trusting: Promise<ReturnType<typeof buildConnector>> | undefined
  const connectorFor = (https: boolean) => {
    if (!https || target.ca === undefined) return Promise.resolve(plain)
    trusting ??= target.ca().then((ca) => buildConnector({ ca }))
    return trusting
  }
  return new Agent({
    connect(options, callback) {
      if (!target.knows(options.hostname)) {
        const message = `The sandbox's dispatcher reaches the hosts of its tenant only, and ${options.hostname} is none of them. Use one of the tenant's domains.`
        callback(new Error(message), null)
        return
      }
      const https = options.protocol === 'https:' && secure
      const address = {
        ...options,
        protocol: https ? 'https:' : 'http:',
        hostname: host,
        host,
        port: String(https ? target.httpsPort : target.httpPort),
        servername: https ? options.hostname : undefined,
      }
      connectorFor(https).then(
        (connect) => connect(address, callback),
        (error: Error) => callback(error, null),
      )
    },
  })
}
