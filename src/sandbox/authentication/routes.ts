import { authorize } from './authorize.ts'
import { startBackchannel } from './backchannel.ts'
import type { AuthenticationEndpoint } from './call.ts'
import { changePassword, signup } from './database.ts'
import { startDevice } from './device.ts'
import { discovery, jwks } from './discovery.ts'
import { logout, oidcLogout } from './logout.ts'
import { associate, challenge, deleteAuthenticator, listAuthenticators } from './mfa/index.ts'
import { startPasswordless } from './passwordless.ts'
import { pushRequest } from './pushed-request.ts'
import { revoke } from './revoke.ts'
import { resetPage, resetPassword, verifyEmailPage } from './ticket-pages.ts'
import { token } from './token.ts'
import { userInfo } from './user-info.ts'

const ROUTES: readonly (readonly [method: string, path: string, endpoint: AuthenticationEndpoint])[] = [
  ['POST', '/oauth/token', token],
  ['POST', '/oauth/revoke', revoke],
  ['POST', '/oauth/device/code', startDevice],
  ['POST', '/oauth/par', pushRequest],
  ['POST', '/bc-authorize', startBackchannel],
  ['POST', '/mfa/associate', associate],
  ['POST', '/mfa/challenge', challenge],
  ['GET', '/mfa/authenticators', listAuthenticators],
  ['DELETE', '/mfa/authenticators/*', deleteAuthenticator],
  ['GET', '/userinfo', userInfo],
  ['POST', '/userinfo', userInfo],
  ['POST', '/dbconnections/signup', signup],
  ['POST', '/dbconnections/change_password', changePassword],
  ['POST', '/passwordless/start', startPasswordless],
  ['GET', '/authorize', authorize],
  ['GET', '/u/email-verification', verifyEmailPage],
  ['GET', '/u/reset-verify', resetPage],
  ['POST', '/u/reset-verify', resetPassword],
  ['GET', '/v2/logout', logout],
  ['GET', '/oidc/logout', oidcLogout],
  ['POST', '/oidc/logout', oidcLogout],
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
