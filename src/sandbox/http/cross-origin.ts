import { allowsOrigin } from '../authentication/index.ts'
import type { Core } from '../core.ts'
import type { Answer } from './answer.ts'

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

const METHODS = 'GET, POST, PUT, PATCH, DELETE, OPTIONS'
const SEEN = 'X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After'
/** Public documents, which every page may read. */
const PUBLIC = '/.well-known/'
/** Pages of a login are visited, never fetched by another site. */
const PAGES = /^\/(u\/|authorize$|activate$|oidc\/logout$|v2\/logout$|guardian\/)/

/** Whether a browser asks before it sends a request of another origin. */
export function isPreflight({ headers, method }: Asked): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined
}

/** The answer to such a question: yes where an application of the tenant allows the origin, else no word of it. */
export function preflightAnswer(core: Core, request: Asked): Answer {
  const shared = crossOriginHeaders(core, request)
  const asked = request.headers['access-control-request-headers']
  const yes: Record<string, string> =
    shared['access-control-allow-origin'] === undefined
      ? {}
      : {
          'access-control-allow-methods': METHODS,
          'access-control-max-age': '300',
          ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
        }
  return { status: 204, headers: { ...shared, ...yes }, body: Buffer.alloc(0) }
}

/** The headers that let a page of an allowed origin read an answer. Applications name their origins; callbacks count too. */
export function crossOriginHeaders(core: Core, { headers, path }: Asked): Readonly<Record<string, string>> {
  if (path.startsWith(PUBLIC)) return { 'access-control-allow-origin': '*' }
  const { origin } = headers
  if (origin === undefined || PAGES.test(path)) return {}
  const allowed = [...core.tables.clients.values()].some((client) => allowsOrigin(client, origin))
  if (!allowed) return { vary: 'Origin' }
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': SEEN, vary: 'Origin' }
}
