import { type Bind, type Plan, ValidationError } from '../../plan/index.ts'
import type { PushedRequest } from '../answers.ts'
import type { LinkWords, LogoutWords } from '../generated/index.ts'
import { requireOptions } from './arguments.ts'
import { namesOf, speak, wordOf } from './request.ts'

/** What the addresses need of the session. */
export interface LinkContext {
  /** Domain without scheme. */
  domain(): string
  clientId(): string | undefined
}

/** `auth0.authorize`: the login page's address, and the parameters that are sent ahead of it. */
export function authorizeWords(context: LinkContext, bind: Bind): LinkWords {
  return {
    push(request): Plan<PushedRequest> {
      const fields = () => (request.codeChallenge === undefined ? {} : { code_challenge_method: 'S256' })
      return speak(bind, 'authorize.push', request, { fields })
    },
    url(options = {}) {
      const clientId = options.clientId ?? context.clientId()
      if (clientId === undefined) {
        throw new ValidationError(
          'auth0.authorize.url needs a clientId: the session has none. Pass { clientId } here or to connect().',
          { issues: [{ path: 'clientId', rule: 'is missing' }] },
        )
      }
      const responseType = options.requestUri === undefined ? { responseType: 'code' } : {}
      const address = addressOf('authorize.url', `https://${context.domain()}/authorize`, {
        ...responseType,
        ...options,
        clientId,
      })
      if (options.codeChallenge !== undefined) address.searchParams.set('code_challenge_method', 'S256')
      return address.href
    },
  }
}

/** `auth0.logout`: the logout address. */
export function logoutWords(context: LinkContext): LogoutWords {
  return {
    url(options = {}) {
      const clientId = options.clientId ?? context.clientId()
      const address = addressOf('logout.url', `https://${context.domain()}/v2/logout`, { ...options, clientId })
      // Auth0 asks whether the parameter is there, not for its value.
      if (address.searchParams.get('federated') === 'true') address.searchParams.set('federated', '')
      else address.searchParams.delete('federated')
      return address.href
    },
  }
}

/** An address with the fields of a word as its query, in the order of the row. */
function addressOf(path: string, base: string, given: object): URL {
  const word = wordOf(path)
  const values = requireOptions(`auth0.${path}`, given as Readonly<Record<string, unknown>>, namesOf(word))
  const address = new URL(base)
  for (const { name, wire } of word.fields ?? []) {
    if (values[name] !== undefined) address.searchParams.set(wire, String(values[name]))
  }
  return address
}
