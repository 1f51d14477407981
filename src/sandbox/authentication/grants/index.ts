// The grant types of /oauth/token, one file each.
import { clientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'

/** Grants by the `grant_type` that asks for them. */
export const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([['client_credentials', clientCredentials]])
