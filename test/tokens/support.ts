import type { Clock, Observer, Subscribable } from '../../src/plan/index.ts'
import type { BearerToken, TokenEnvironment } from '../../src/tokens/index.ts'
import { firstOf } from '../../src/tokens/subscribables.ts'
import type { HttpReply, RequestDraft } from '../../src/wire/index.ts'

/** A clock that only moves when it is told to. */
export class StillClock implements Clock {
  #now: number

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(): () => void {
    throw new Error('Nothing here should wait.')
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
}

/** A tenant that answers token requests from a list, and remembers what it was asked. */
export class TokenServer {
  readonly asked: RequestDraft[] = []
  aborted = 0
  readonly #answers: (HttpReply | Error)[] = []
  readonly #waiting: Observer<HttpReply>[] = []
  held = false

  answers(...answers: (HttpReply | Error)[]): this {
    this.#answers.push(...answers)
    return this
  }

  readonly send = (draft: RequestDraft): Subscribable<HttpReply> => ({
    subscribe: (observer) => {
      this.asked.push(draft)
      this.#waiting.push(observer)
      if (!this.held) queueMicrotask(() => this.release())
      return {
        unsubscribe: () => {
          const place = this.#waiting.indexOf(observer)
          if (place === -1) return
          this.#waiting.splice(place, 1)
          this.aborted += 1
        },
      }
    },
  })

  /** Answers everyone who waits. */
  release(): void {
    for (const observer of this.#waiting.splice(0)) {
      const answer = this.#answers.shift() ?? new Error('The tenant was asked more often than expected.')
      if (answer instanceof Error) observer.error?.(answer)
      else {
        observer.next?.(answer)
        observer.complete?.()
      }
    }
  }
}

export function ok(token: string, fields: object = { expires_in: 86_400 }, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ access_token: token, token_type: 'Bearer', ...fields })
  return { status: 200, headers: { 'content-type': 'application/json', ...headers }, body }
}

export function refusal(status: number, error: string, description: string): HttpReply {
  const body = JSON.stringify({ error, error_description: description })
  return { status, headers: { 'content-type': 'application/json' }, body }
}

let count = 0

/** An environment whose domain no other test uses, since tokens are kept for the process. */
export function environment(
  server: TokenServer,
  clock: Clock,
  fields: Partial<TokenEnvironment> = {},
): TokenEnvironment {
  const domain = fields.domain ?? `tenant-${++count}.example.com`
  return { clock, send: server.send, domain, audience: `https://${domain}/api/v2/`, ...fields }
}

export function take(source: Subscribable<BearerToken>): Promise<BearerToken> {
  return firstOf(source)
}

/** An unsigned token with these claims: enough for whoever only reads it. */
export function unsigned(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2ln`
}
