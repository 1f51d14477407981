import { ConfigurationError } from '../plan/index.ts'

/** The client of `redis` or `@redis/client`, as far as it is needed here. */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** The client of `ioredis`, as far as it is needed here. */
export interface IoRedisClient {
  defineCommand: unknown
  eval(script: string, keys: number, ...keysAndArguments: string[]): Promise<unknown>
}

/** A connected client. Nothing but `eval` is asked of it, so that every step is atomic. */
export type RedisClient = NodeRedisClient | IoRedisClient

/** Milliseconds after which a command without an answer has failed. */
const ANSWER = 3000

/** Redis through scripts alone: what belongs together is one step of the server. */
export class Scripts {
  readonly #client: RedisClient

  /** @throws ConfigurationError for anything but a client. */
  constructor(client: RedisClient, word: string) {
    if (typeof (client as Partial<NodeRedisClient> | undefined)?.eval !== 'function') {
      throw new ConfigurationError(
        `${word}(): this is not a Redis client. Pass a connected client of "redis", "@redis/client" or "ioredis".`,
      )
    }
    this.#client = client
  }

  /** @throws what the client throws, and an error where it is silent for three seconds. */
  async run(script: string, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown> {
    const texts = values.map(String)
    const client = this.#client
    const answer =
      'defineCommand' in client
        ? client.eval(script, keys.length, ...keys, ...texts)
        : client.eval(script, { keys: [...keys], arguments: texts })
    let timer: NodeJS.Timeout | undefined
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Redis did not answer within ${ANSWER / 1000} seconds`)), ANSWER)
    })
    try {
      return await Promise.race([answer, silence])
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Where a value stands: the braces keep all keys of one subject on one node of a cluster. */
export function keyOf(subject: string, ...parts: readonly string[]): string {
  return [`tenantlab:{${subject}}`, ...parts].join(':')
}
