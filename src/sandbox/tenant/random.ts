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
  const words = new Int32Array([0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)))
  const next = (): number => {
    const [a, b, c, counter] = [words[0] ?? 0, words[1] ?? 0, words[2] ?? 0, words[3] ?? 0]
    const sum = (((a + b) | 0) + counter) | 0
    words[0] = b ^ (b >>> 9)
    words[1] = c + (c << 3)
    words[2] = ((c << 21) | (c >>> 11)) + sum
    words[3] = counter + 1
    return sum >>> 0
  }
  for (let round = 0; round < 12; round += 1) next()

  const integer = (below: number): number => Math.floor((next() / 2 ** 32) * below)
  const text = (length: number, alphabet = BASE62): string => {
    const made: string[] = []
    for (let at = 0; at < length; at += 1) made.push(alphabet[integer(alphabet.length)] ?? '')
    return made.join('')
  }
  return {
    integer,
    text,
    digits: (length) => text(length, '0123456789'),
    state: () => [...words],
    restore(state) {
      words.set(state)
    },
  }
}
