import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { ConfigurationError } from '../plan/index.ts'
import type { Scripts } from './client.ts'

/** The process that holds a lease. */
export interface Holder {
  readonly pid: number
  readonly host: string
  /** When it took it, in ISO 8601. */
  readonly at: string
}

const TAKE = `
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return '' end
return redis.call('GET', KEYS[1])
`
const HOLD = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`
const RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"

/** Milliseconds after which what a process held is free again when it has died. */
export const LEASE = 30_000
/** Shortest lease: a process that is busy for a moment must not lose it. */
const SHORTEST = 1000

/**
 * Something in Redis that one process has at a time. It is renewed while it is held, also while nothing is done with it,
 * and is free again when its process has died.
 */
export class Lease {
  readonly key: string
  /** What stands in Redis while this process has it. */
  readonly text: string
  readonly ms: number
  readonly #scripts: Scripts
  readonly #renewing: NodeJS.Timeout

  private constructor(scripts: Scripts, key: string, text: string, ms: number) {
    this.#scripts = scripts
    this.key = key
    this.text = text
    this.ms = ms
    // A renewal that fails is tried again; whether the lease still holds is asked before anything rests on it.
    this.#renewing = setInterval(() => void this.holds().catch(() => undefined), ms / 3)
    this.#renewing.unref()
  }

  /** Takes it; who has it where another does. */
  static async take(scripts: Scripts, key: string, ms: number): Promise<Lease | Holder> {
    const holder: Holder = { pid: process.pid, host: hostname(), at: new Date().toISOString() }
    const text = JSON.stringify({ id: randomUUID(), ...holder })
    const taken = await scripts.run(TAKE, [key], [text, ms])
    return taken === '' ? new Lease(scripts, key, text, ms) : (JSON.parse(String(taken)) as Holder)
  }

  /** Whether it still belongs to this process; renews it where it does. */
  async holds(): Promise<boolean> {
    return (await this.#scripts.run(HOLD, [this.key], [this.text, this.ms])) === 1
  }

  /** Gives it back; where Redis is away it ends by itself, and what was done under it counts all the same. */
  async release(): Promise<void> {
    clearInterval(this.#renewing)
    await this.#scripts.run(RELEASE, [this.key], [this.text]).catch(() => undefined)
  }
}

/** @throws ConfigurationError for a lease that is too short to be renewed. */
export function checkedLease(ms: number | undefined, word: string): number {
  if (ms === undefined) return LEASE
  if (Number.isInteger(ms) && ms >= SHORTEST) return ms
  throw new ConfigurationError(`${word}(): "lease" must be a whole number of milliseconds, ${SHORTEST} or more.`)
}
