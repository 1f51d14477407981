import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net'
import type { HttpReply, HttpRequest, Transport } from '../../src/wire/index.ts'

/** A server on a free port of the loopback interface. */
export interface Loopback {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** Starts an HTTP server. */
export async function serve(listener: RequestListener): Promise<Loopback> {
  const server = createServer(listener)
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      server.closeAllConnections()
      await stop(server)
    },
  }
}

/** Starts a TCP server, for what no HTTP server would answer. */
export async function serveSockets(handler: (socket: Socket) => void): Promise<Loopback> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    handler(socket)
  })
  const port = await listen(server)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await stop(server)
    },
  }
}

/** The reply, or the error, of one request. */
export function send(transport: Transport, request: Partial<HttpRequest> & { url: string }): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    transport({ method: 'GET', headers: {}, ...request }).subscribe({ next: resolve, error: reject })
  })
}

/** The error of one request. */
export async function failureOf(
  transport: Transport,
  request: Partial<HttpRequest> & { url: string },
): Promise<unknown> {
  try {
    await send(transport, request)
  } catch (error) {
    return error
  }
  throw new Error('The request did not fail.')
}

async function listen(server: TcpServer | Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function stop(server: TcpServer | Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
