import { createClient } from '@redis/client'

/** A client that fails at once while Redis is away: whoever asks goes on without it instead of waiting. */
export function openRedis(url: string) {
  const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 100 } })
  // Its loss is told to whoever sends the next command.
  client.on('error', () => {})
  return client
}

export type Redis = ReturnType<typeof openRedis>
