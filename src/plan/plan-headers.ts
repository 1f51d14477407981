import { isSecretHeader, isSecretText } from './secret-signs.ts'

const TRANSPORT = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'expect',
  'accept-encoding',
])

/** Names by which something in between takes a request for one with another method; some servers read underscores as hyphens. */
const METHODS = /^(x-)?(-|http-|requested-)method$|override/
/** Headers by which it takes another path, or another tenant: the guard of writes could not judge such a request. */
const ELSEWHERE =
  /^(x-)?method$|^x-original-(url|uri|host)$|^x-rewrite-url$|^x-forwarded-(method|uri|path|host|server|prefix)$|^x-host$|^forwarded$/

/** True for the name of a header or query parameter by which something in between takes a request for one with another method. */
export function isMethodOverride(name: string): boolean {
  return METHODS.test(name.toLowerCase().replaceAll('_', '-'))
}

/** Why a plan may not carry a header, and what to do instead; nothing for one that it may carry. */
export function headerRefusal(
  given: string,
  value: unknown,
): { readonly rule: string; readonly next: string } | undefined {
  const name = given.toLowerCase()
  if (isSecretHeader(name) || (typeof value === 'string' && isSecretText(value))) {
    return {
      rule: 'carries a credential, and plans hold none',
      next: 'Give credentials to connect(), to auth0.as() or to the word that needs them; what a gateway wants, a stage can add.',
    }
  }
  if (TRANSPORT.has(name)) return { rule: 'is set by the transport', next: 'Leave it out.' }
  if (isMethodOverride(name) || ELSEWHERE.test(name.replaceAll('_', '-'))) {
    return {
      rule: 'would make another request of this one',
      next: "Write that request itself, with its own method and path: auth0.raw('PATCH /api/v2/…').",
    }
  }
  if (name === 'auth0-custom-domain') return { rule: 'has a word of its own', next: 'Use plan.customDomain(domain).' }
  return undefined
}
