import { startBackchannel } from './backchannel.ts'
import * as browser from './browser/index.ts'
import type { AuthenticationEndpoint } from './call.ts'
import { changePassword, signup } from './database.ts'
import { startDevice } from './device.ts'
import { discovery, jwks } from './discovery.ts'
import { associate, challenge, deleteAuthenticator, listAuthenticators } from './mfa/index.ts'
import { startPasswordless } from './passwordless.ts'
import { pushRequest } from './pushed-request.ts'
import { register } from './register.ts'
import { revoke } from './revoke.ts'
import { token } from './token.ts'
import { userInfo } from './user-info.ts'

type Route = readonly [method: string, path: string, endpoint: AuthenticationEndpoint]

const ROUTES: readonly Route[] = [
  ['POST', '/oauth/token', token],
  ['POST', '/oauth/revoke', revoke],
  ['POST', '/oauth/device/code', startDevice],
  ['POST', '/oauth/par', pushRequest],
  ['POST', '/oidc/register', register],
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
  ['GET', '/authorize', browser.authorize],
  ['POST', '/authorize', browser.authorize],
  ...pages({
    '/u/login': [browser.showLogin, browser.sendLogin],
    '/u/signup': [browser.showSignup, browser.sendSignup],
    '/u/passwordless': [browser.showPasswordless, browser.submitPasswordless],
    '/u/social': [browser.showSocial, browser.sendSocial],
    '/u/account': [browser.showAccount, browser.sendAccount],
    '/u/organization': [browser.showOrganization, browser.sendOrganization],
    '/u/mfa': [browser.showMfa, browser.sendMfa],
    '/u/recovery': [browser.showRecovery, browser.sendRecovery],
    '/u/consent': [browser.showConsent, browser.sendConsent],
    '/u/reset-request': [browser.showResetRequest, browser.sendResetRequest],
    '/u/reset-verify': [browser.resetPage, browser.resetPassword],
    '/u/email-verification': [browser.verifyEmailPage],
    '/activate': [browser.showActivate, browser.sendActivate],
    '/passwordless/verify_redirect': [browser.followLink],
    '/guardian/enroll': [browser.enrolPage],
    '/self-service/connections-flow': [browser.selfServicePage],
  }),
  ['GET', '/v2/logout', browser.logout],
  ['GET', '/oidc/logout', browser.oidcLogout],
  ['POST', '/oidc/logout', browser.oidcLogout],
  ['GET', '/.well-known/openid-configuration', discovery],
  ['GET', '/.well-known/oauth-authorization-server', discovery],
  ['GET', '/.well-known/jwks.json', jwks],
]

/** The routes of pages: what shows each, and what its form does. */
function pages(
  listed: Readonly<Record<string, readonly [show: AuthenticationEndpoint, send?: AuthenticationEndpoint]>>,
): readonly Route[] {
  return Object.entries(listed).flatMap(([path, [show, send]]): readonly Route[] => [
    ['GET', path, browser.asPage(show)],
    ...(send ? ([['POST', path, browser.asPage(send)]] as const) : []),
  ])
}

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
