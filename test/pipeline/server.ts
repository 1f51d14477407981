import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach } from 'vitest'
import type { PipelineConfig } from '../../src/pipeline/config.ts'
import { createPipeline, limiterFor, type Pipeline } from '../../src/pipeline/index.ts'
import { type Clock, type PlanEvent, systemClock } from '../../src/plan/index.ts'
import type { BearerToken, TokenSource } from '../../src/tokens/index.ts'
import { undiciTransport } from '../../src/transport/undici.ts'
import type { Transport } from '../../src/wire/index.ts'

/** One request that a server got. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly socket: Socket
}

export type Answer = (seen: Seen, reply: ServerResponse, count: number) => void

/** A server on the loopback that keeps what it got. */
export interface Loopback {
  readonly origin: string
  readonly seen: Seen[]
  readonly transport: Transport
}

const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

export async function loopback(answer: Answer): Promise<Loopback> {
  const seen: Seen[] = []
  const server = createServer((request, reply) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://loopback')
      const entry: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
        socket: request.socket,
      }
      seen.push(entry)
      answer(entry, reply, seen.length)
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, seen, transport: towards(origin) }
}

/** Sends what is meant for the tenant to another origin, so that tests need no certificate. */
export function towards(origin: string): Transport {
  const transport = undiciTransport()
  return (request) => transport({ ...request, url: request.url.replace('https://tenant.example', origin) })
}

export function json(
  reply: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  reply.writeHead(status, { 'content-type': 'application/json', ...headers })
  reply.end(JSON.stringify(value))
}

/** Tokens at hand: each `drop` makes the next one. */
export function tokensOf(first: Partial<BearerToken> = {}): TokenSource & { readonly dropped: string[] } {
  let count = 1
  const dropped: string[] = []
  return {
    kind: 'client_credentials',
    dropped,
    token: () => ({
      subscribe(observer) {
        const audience = 'https://tenant.example/api/v2/'
        observer.next?.({ token: `token-${count}`, source: 'cache', audience, ...first })
        observer.complete?.()
        return { unsubscribe() {} }
      },
    }),
    drop(token) {
      if (token !== undefined) dropped.push(token)
      count += 1
    },
    clientFields: (client) =>
      client === undefined
        ? { client_id: 'session-client', client_secret: 'session-secret' }
        : { client_id: client.clientId, ...(client.clientSecret && { client_secret: client.clientSecret }) },
    quotas: () => ({ client: [], organization: [] }),
  }
}

let tenants = 0

/** A pipeline towards a transport, with a limiter that no other test shares. */
export function pipelineOn(transport: Transport, options: Partial<PipelineConfig> = {}): Pipeline {
  tenants += 1
  const clock: Clock = options.clock ?? systemClock
  return createPipeline({
    environment: { domain: 'tenant.example', audience: 'https://tenant.example/api/v2/' },
    transport,
    tokens: tokensOf(),
    tokensOf: () => tokensOf(),
    limiter: limiterFor(`tenant-${tenants}`, clock),
    clock,
    ...options,
  })
}

/** All events of an execution, once it has ended. */
export function eventsOf<T>(execution: { events: { subscribe(observer: object): unknown } }): Promise<PlanEvent<T>[]> {
  const events: PlanEvent<T>[] = []
  return new Promise((resolve) => {
    execution.events.subscribe({
      next: (event: PlanEvent<T>) => events.push(event),
      error: () => resolve(events),
      complete: () => resolve(events),
    })
  })
}
