import type { AuthenticationEndpoint } from './call.ts'
import { discovery, jwks } from './discovery.ts'
import { token } from './token.ts'

const ROUTES: readonly (readonly [method: string, path: string, endpoint: AuthenticationEndpoint])[] = [
  ['POST', '/oauth/token', token],
  ['GET', '/.well-known/openid-configuration', discovery],
  ['GET', '/.well-known/oauth-authorization-server', discovery],
  ['GET', '/.well-known/jwks.json', jwks],
]

/** What a method and path of the Authentication API lead to: an endpoint, a path of other methods, or nothing. */
export function findEndpoint(method: string, path: string): AuthenticationEndpoint | 'other-method' | undefined {
  const here = ROUTES.filter(([, pattern]) => fits(pattern, path))
  const found = here.find(([allowed]) => allowed === method)
  return found?.[2] ?? (here.length > 0 ? 'other-method' : undefined)
}

function fits(pattern: string, path: string): boolean {
  if (!pattern.endsWith('/*')) return pattern === path
  const parent = pattern.slice(0, -1)
  return path.startsWith(parent) && path.length > parent.length
}
