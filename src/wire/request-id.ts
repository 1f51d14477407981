import type { HttpReply } from './http.ts'

/** The id by which the tenant's logs, or what stands before it, know a request; absent where no header tells one. */
export function requestIdOf({ headers }: Pick<HttpReply, 'headers'>): string | undefined {
  return headers['x-request-id'] ?? headers['x-auth0-requestid'] ?? headers['cf-ray']
}
