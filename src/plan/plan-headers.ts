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

/** Headers by which something in between takes a request for another one: the guard of writes could not judge it. */
const OVERRIDES =
  /^(x-http-method(-override)?|x-method-override|x-original-(url|method)|x-rewrite-url|x-forwarded-(method|uri|path))$/

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
  if (OVERRIDES.test(name)) {
    return {
      rule: 'would make another request of this one',
      next: "Write that request itself, with its own method and path: auth0.raw('PATCH /api/v2/…').",
    }
  }
  if (name === 'auth0-custom-domain') return { rule: 'has a word of its own', next: 'Use plan.customDomain(domain).' }
  return undefined
}
