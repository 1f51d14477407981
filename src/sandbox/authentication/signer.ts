import type { KeyObject } from 'node:crypto'
import type { JWTHeaderParameters } from 'jose'
import type { Core } from '../core.ts'

/** Finds the key that a token says it was signed with, for `jwtVerify`; refuses keys that are unknown or revoked. */
export function signerOf(core: Core): (header: JWTHeaderParameters) => Promise<KeyObject> {
  return async ({ kid }) => {
    const key = await core.signingKeys.find(kid)
    if (key === undefined) throw new Error(`The tenant has no signing key ${kid}.`)
    return key.publicKey
  }
}
