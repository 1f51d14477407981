import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import { type AddressInfo, createServer as createDoor, type Server as NetServer, type Socket } from 'node:net'
import { urlHostOf } from './addresses.ts'
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
  /** The host of URLs by which this machine reaches it. */
  readonly urlHost: string
  close(): Promise<void>
}

/** Listens for plain HTTP. */
export function listenPlain(host: string, port: number, serve: Serve): Promise<Listening> {
  const server = createServer((request, response) => serve(request, response, { secure: false, raw: request.socket }))
  return listen(server, server, host, port)
}

/** How HTTPS is served. */
export interface SecureOptions {
  readonly host: string
  readonly port: number
  /** Made when the first connection arrives. */
  readonly certificates: () => Promise<Certificates>
  readonly own: readonly string[]
  /** True for hosts that became known later, such as a custom domain verified meanwhile. */
  readonly knows: (host: string) => boolean
  readonly serve: Serve
}

/**
 * Listens for HTTPS. The port is open at once; certificates are made by the first handshake, since most tenants of a
 * test never see one.
 */
export function listenSecure({ certificates, host, knows, own, port, serve }: SecureOptions): Promise<Listening> {
  const sockets = new Map<number, Socket>()
  const secure = createSecureServer(
    {
      SNICallback: (name, done) => {
        if (own.includes(name) || !knows(name)) return done(null)
        certificates()
          .then((made) => made.contextFor(name))
          .then((context) => done(null, context), done)
      },
    },
    (request, response) => {
      const raw = sockets.get(request.socket.remotePort ?? 0) ?? request.socket
      serve(request, response, { secure: true, raw })
    },
  )
  let ready: Promise<void> | undefined
  const prepared = (): Promise<void> => {
    ready ??= certificates().then((made) => secure.setSecureContext(made.own))
    return ready
  }
  const door = createDoor({ pauseOnConnect: true }, (socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
    // A client that goes away while the certificate is made is no error of the tenant.
    socket.on('error', () => socket.destroy())
    prepared().then(
      () => {
        if (!socket.destroyed) secure.emit('connection', socket)
      },
      () => socket.destroy(),
    )
  })
  return listen(door, secure, host, port, () => {
    for (const socket of sockets.values()) socket.destroy()
  })
}

async function listen(
  door: Server | NetServer,
  server: Server | SecureServer,
  host: string,
  port: number,
  cut: () => void = () => undefined,
): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(cannotListen(error, host, port))
    door.once('error', refuse)
    door.listen(port, host, () => {
      door.off('error', refuse)
      resolve()
    })
  })
  const at = door.address() as AddressInfo
  return {
    port: at.port,
    urlHost: urlHostOf(at.address),
    close: () =>
      new Promise((resolve) => {
        door.close(() => resolve())
        server.closeAllConnections()
        cut()
      }),
  }
}

/** Why a port cannot be opened, with what to do about it. */
function cannotListen(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const at = `${host}:${port}`
  const reason =
    cause.code === 'EADDRINUSE'
      ? `${at} is in use. Choose another port, or leave the port out for a free one.`
      : cause.code === 'EACCES'
        ? `this user may not open ${at}. Choose a port from 1024 on.`
        : `${host} is not an address of this machine (${cause.code ?? cause.message}). Use 127.0.0.1, or 0.0.0.0 for every address it has.`
  return Object.assign(new Error(`sandbox() cannot listen: ${reason}`, { cause }), { code: cause.code })
}
