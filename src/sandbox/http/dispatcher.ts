import { createRequire } from 'node:module'
import type { Agent } from 'undici'

/** Where the sandbox listens, and the authority to trust. */
export interface DispatcherTarget {
  readonly httpPort: number
  readonly httpsPort?: number
  /** The authority to trust, made when the first connection needs it. */
  readonly ca?: () => Promise<string>
  /** True for hosts of the tenant; others are refused, so that nothing leaves the machine. */
  readonly knows: (host: string) => boolean
}

/**
 * An undici dispatcher that takes every host of the tenant to the sandbox's loopback port. TLS stays real: the server
 * name is kept and the sandbox's own authority is trusted. Where the sandbox speaks plain HTTP only, https origins are
 * taken to the HTTP port. Loading undici takes as long as the rest of a start, so it is loaded here and not before.
 */
export function createDispatcher(target: DispatcherTarget): Agent {
  const { Agent, buildConnector } = createRequire(import.meta.url)('undici') as typeof import('undici')
  const secure = target.httpsPort !== undefined
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
        hostname: '127.0.0.1',
        host: '127.0.0.1',
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
