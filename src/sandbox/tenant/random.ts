import { createHash, randomBytes } from 'node:crypto'

/** Deterministic under a seed: the only source of ids, codes and tokens of a sandbox. */
export interface SandboxRandom {
  /** `length` characters of `alphabet` (base62 unless given). */
  text(length: number, alphabet?: string): string
  digits(length: number): string
  integer(below: number): number
}

const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The random source of a sandbox, with its state, so that a restored snapshot goes on with the same ids. */
export interface StatefulRandom extends SandboxRandom {
  state(): readonly number[]
  restore(state: readonly number[]): void
}

/** A small fast counter generator (sfc32); from a seed the same sequence in every run, else from system entropy. */
export function createRandom(seed?: string | number): StatefulRandom {
  const bytes = seed === undefined ? randomBytes(16) : createHash('sha256').update(`tenantlab ${seed}`).digest()
  let words = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at))
  const next = (): number => {
    const [a = 0, b = 0, c = 0, counter = 0] = words
    const sum = (((a + b) | 0) + counter) | 0
    words = [b ^ (b >>> 9), (c + (c << 3)) | 0, (((c << 21) | (c >>> 11)) + sum) | 0, (counter + 1) | 0]
    return sum >>> 0
  }
  for (let round = 0; round < 12; round += 1) next()

  const integer = (below: number): number => Math.floor((next() / 2 ** 32) * below)
  const text = (length: number, alphabet = BASE62): string =>
    Array.from({ length }, () => alphabet[integer(alphabet.length)]).join('')
  return {
    integer,
    text,
    digits: (length) => text(length, '0123456789'),
    state: () => [...words],
    restore(state) {
      words = [...state]
    },
  }
}
