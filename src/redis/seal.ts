import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { ConfigurationError } from '../plan/index.ts'

const NONCE = 12
const TAG = 16

/** Encrypts what is kept in Redis by AES-256-GCM, each value bound to the place where it stands. */
export class Seal {
  readonly #key: Uint8Array

  /** @throws ConfigurationError for a key of another length. */
  constructor(key: Uint8Array | string, word: string) {
    const bytes = typeof key === 'string' ? fromHex(key) : key
    if (!(bytes instanceof Uint8Array) || bytes.length !== 32) {
      throw new ConfigurationError(
        `${word}(): "key" must be 32 bytes, or 64 hexadecimal digits. Make one with crypto.randomBytes(32), and keep it where Redis is not.`,
      )
    }
    // A copy: the caller may clear theirs.
    this.#key = Uint8Array.from(bytes)
  }

  close(text: string, place: string): string {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(place))
    const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64')
  }

  /** @throws Error where another key, or another place, has closed it. */
  open(sealed: string, place: string): string {
    const bytes = Buffer.from(sealed, 'base64')
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE)).setAAD(Buffer.from(place))
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new Error(`the entry ${place} was encrypted with another key, or was changed`, { cause })
    }
  }
}

function fromHex(text: string): Uint8Array | undefined {
  return /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : undefined
}
