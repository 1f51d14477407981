import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { openRedis, type Redis } from './open-redis.ts'

/** A Redis of the test's own: on loopback, in memory alone, ended with the test. */
export interface RedisServer {
  readonly url: string
  readonly client: Redis
  /** Ends the server, not the client. */
  stop(): Promise<void>
  close(): Promise<void>
}

/** Starts one on a free port; with a folder, it writes each command to its disk before it answers. */
export async function startRedis(folder?: string): Promise<RedisServer> {
  const port = await freePort()
  const kept = folder === undefined ? ['no'] : ['yes', '--appendfsync', 'always', '--dir', folder]
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', ...kept]
  const server = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] })
  await ready(server)
  const url = `redis://127.0.0.1:${port}`
  const client = openRedis(url)
  await client.connect()
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  return {
    url,
    client,
    stop,
    async close() {
      client.destroy()
      await stop()
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('The port of a listening server is unknown.')
  return address.port
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stdout?.on('data', (chunk) => {
      said += chunk
      if (said.includes('Ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`redis-server ended before it was ready:\n${said}`)))
  })
}
