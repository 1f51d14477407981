import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Certificates } from './certificates.ts'

/** What serves one request. */
export type Serve = (request: IncomingMessage, response: ServerResponse, context: ServeContext) => void

/** What a request came in on. */
export interface ServeContext {
  readonly secure: boolean
  /** The TCP socket below TLS. */
  readonly raw: Socket
}

/** A listening server. */
export interface Listening {
  readonly port: number
  close(): Promise<void>
}

/** Listens for plain HTTP on loopback. */
export function listenPlain(port: number, serve: Serve): Promise<Listening> {
  const server = createServer((request, response) => serve(request, response, { secure: false, raw: request.socket }))
  return listen(server, port)
}

/** Listens for HTTPS on loopback, with a certificate for every host that `knows` says yes to. */
export function listenSecure(
  port: number,
  certificates: Certificates,
  own: readonly string[],
  knows: (host: string) => boolean,
  serve: Serve,
): Promise<Listening> {
  const sockets = new Map<number, Socket>()
  const options = {
    ...certificates.own,
    SNICallback: (host: string, done: (error: Error | null, context?: import('node:tls').SecureContext) => void) => {
      if (own.includes(host) || !knows(host)) return done(null)
      certificates.contextFor(host).then((context) => done(null, context), done)
    },
  }
  const server = createSecureServer(options, (request, response) => {
    const raw = sockets.get(request.socket.remotePort ?? 0) ?? request.socket
    serve(request, response, { secure: true, raw })
  })
  server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  return listen(server, port)
}

async function listen(server: Server | SecureServer, port: number): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
