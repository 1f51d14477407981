import { row } from '../catalogue/index.ts'
import { type Clock, planData, type Unsubscribable } from '../plan/index.ts'
import type { TokenSend, TokenSource } from '../tokens/index.ts'
import type { HttpReply, RequestDraft, Transport } from '../wire/index.ts'
import { compose } from './compose.ts'
import { Exchange } from './exchange.ts'
import type { RateLimiter } from './limiter/contract.ts'
import type { RetryOptions } from './options.ts'
import { sendThrough } from './send.ts'
import { Source } from './source.ts'
import type { StageSession } from './stage.ts'
import { rateLimit, retry } from './stages/index.ts'

/** What the requests of a token source are sent with. */
export interface TokenSendConfig {
  readonly tenant: string
  readonly transport: Transport
  readonly limiter: RateLimiter
  readonly clock: Clock
  /** Deadline in milliseconds; 30 000 when left out. */
  readonly timeout?: number
  readonly retry?: RetryOptions | false
  random?(): number
}

/** Sends what token sources need, through the same retry and rate-limit stages as plans go through. */
export function createTokenSend(config: TokenSendConfig): TokenSend {
  const handler = compose([retry(), rateLimit()], sendThrough(config.transport, 'allow'))
  const session: StageSession = {
    tenant: config.tenant,
    tokens: noTokens,
    limiter: config.limiter,
    retry: config.retry,
    random: config.random ?? Math.random,
  }
  return (draft) =>
    new Source<HttpReply>((sink): Unsubscribable => {
      const operation = operationOf(draft)
      const found = row(operation)
      if (found === undefined) throw new RangeError(`The catalogue has no row ${operation}.`)
      const exchange = new Exchange(
        {
          plan: planData({ op: operation }),
          row: found,
          secrets: {},
          clock: config.clock,
          session,
          timeout: config.timeout ?? 30_000,
          maxQueue: undefined,
          signal: undefined,
          emit() {},
        },
        (error, reply) => {
          if (reply === undefined) return sink.error(error)
          sink.next(reply)
          sink.complete()
        },
      )
      exchange.start(draft, handler)
      return exchange
    })
}

function operationOf(draft: RequestDraft): string {
  return draft.path.endsWith('/jwks.json') ? 'authentication.keys' : 'authentication.token'
}

const noTokens: TokenSource = {
  kind: 'none',
  token: () =>
    new Source((sink) => {
      sink.error(new TypeError('A token request needs no token.'))
      return undefined
    }),
  drop() {},
  clientFields: () => ({}),
  quotas: () => ({ client: [], organization: [] }),
}
