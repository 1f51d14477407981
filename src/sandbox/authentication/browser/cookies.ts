import type { AuthenticationCall } from '../call.ts'

/** The cookie that knows a browser again. It names a browser, not a person: who is signed in stands in the tenant. */
function cookieName({ host }: AuthenticationCall): string {
  // Browsers share cookies between the ports of one host, and several tenants may run on loopback.
  const port = /:(\d+)$/.exec(host.authority)?.[1]
  return port === undefined ? 'auth0' : `auth0_${port}`
}

/** The browser that sent a call, as its cookie names it. */
export function browserOf(call: AuthenticationCall): string | undefined {
  const name = cookieName(call)
  for (const pair of (call.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined
  }
  return undefined
}

/** The header that gives a browser its cookie. Over HTTPS it also comes with frames of other sites, as silent logins need. */
export function browserCookie(call: AuthenticationCall, browser: string): Readonly<Record<string, string>> {
  const site = call.issuer.startsWith('https:') ? 'Secure; SameSite=None' : 'SameSite=Lax'
  return { 'Set-Cookie': `${cookieName(call)}=${browser}; Path=/; HttpOnly; ${site}` }
}

/** The header that takes the cookie away. */
export function forgetBrowser(call: AuthenticationCall): Readonly<Record<string, string>> {
  const cookie = browserCookie(call, '')['Set-Cookie']
  return { 'Set-Cookie': `${cookie}; Max-Age=0` }
}
