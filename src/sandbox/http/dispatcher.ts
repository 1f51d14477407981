import type { Agent } from 'undici'
import { bundledImport } from '../../plan/index.ts'

/** Where the sandbox listens, and the authority to trust. */
export interface DispatcherTarget {
  readonly httpPort: number
  readonly httpsPort?: number
  /** The authority to trust, made when the first connection needs it. */
  readonly ca?: () => Promise<string>
  /** True for hosts of the tenant; others are refused, so that nothing leaves the machine. */
  readonly knows: (host: string) => boolean
}

let undici: typeof import('undici') | undefined

/** Loads what `createDispatcher()` needs: undici takes as long as the rest of a start. */
export async function loadDispatcher(): Promise<void> {
  undici ??= await bundledImport(() => import('undici'))
}

/**
 * An undici dispatcher that takes every host of the tenant to the sandbox's loopback port. TLS stays real: the server
 * name is kept and the sandbox's own authority is trusted. Where the sandbox speaks plain HTTP only, https origins are
 * taken to the HTTP port.
 *
 * @throws Error where `loadDispatcher()` has not ended before.
 */
export function createDispatcher(target: DispatcherTarget): Agent {
  if (undici === undefined) throw new Error('This tenant was started for other processes: it has no dispatcher here.')
  const { Agent, buildConnector } = undici
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
