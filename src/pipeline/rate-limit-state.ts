import type { RateLimitState } from '../plan/index.ts'
import { type HttpReply, parseRateLimit } from '../wire/index.ts'

let lastHeaders: HttpReply['headers'] | undefined
let lastState: RateLimitState | undefined

/** What the headers of an answer say about the rate limit. Event and bucket ask for the same answer one after the other. */
export function rateLimitOf(headers: HttpReply['headers'], now: number): RateLimitState | undefined {
  if (headers !== lastHeaders) {
    lastHeaders = headers
    lastState = parseRateLimit(headers, now)
  }
  return lastState
}
