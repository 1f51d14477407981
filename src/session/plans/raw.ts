import { optionFault } from '../../catalogue/index.ts'
import { NotJson } from '../../grammar/index.ts'
import {
  isJsonObject,
  isSecretName,
  isSecretText,
  type Json,
  type JsonObject,
  normalRoute,
  type PlanData,
  refuseArgument,
  type SecretValues,
} from '../../plan/index.ts'
import { liftSecrets } from './lift-secrets.ts'

/** What a raw request carries. */
export interface RawOptions {
  readonly query?: JsonObject
  readonly body?: unknown
}

const ROUTE = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/
const PASTED = /^\s*([a-z]+)\s+https:\/\/([^/?#\s]+)(\/\S*)\s*$/i

/**
 * The plan of a request that is written by hand. Fields that hold a secret, by the catalogue or by their name, become
 * slots, so that the plan can be printed like any other.
 *
 * @param hosts - Names of the session's own tenant: a whole URL of one of them is taken for its path
 * @throws ValidationError for a route that is none or is another tenant's, and for a body that JSON cannot carry.
 */
export function rawPlan(
  given: unknown,
  options: RawOptions = {},
  hosts: readonly string[] = [],
): { data: PlanData; secrets: SecretValues } {
  const route = unpasted(given, hosts)
  if (typeof route !== 'string' || !ROUTE.test(route)) {
    refuse(
      'route',
      `must be a method and a path, not ${typeof route === 'string' ? `"${route.slice(0, 80)}"` : typeof route}`,
      "Write auth0.raw('GET /api/v2/users', { query: { per_page: 5 } }); the host is that of the session.",
    )
  }
  const fault = optionFault(options, ['query', 'body'])
  if (fault !== undefined) refuse(fault.path, fault.rule, fault.next)
  const { query, body } = options
  if (query !== undefined && !isJsonObject(query)) refuse('query', 'must be an object', 'Write query: { name: value }.')
  try {
    // The caller's own body stays as it is: only its copy is frozen.
    return liftSecrets({
      v: 1,
      op: 'raw',
      ...asked(normalRoute(route), query),
      ...(body !== undefined && { body: body as Json }),
    })
  } catch (cause) {
    if (cause instanceof NotJson) refuse(cause.path, `cannot be sent: ${cause.rule}`, 'Convert it first.')
    throw cause
  }
}

/** The path of a URL that was pasted whole, where it is the session's own; anything else as it is. */
function unpasted(route: unknown, hosts: readonly string[]): unknown {
  const [, method = '', host, path] = typeof route === 'string' ? (PASTED.exec(route) ?? []) : []
  if (host === undefined) return route
  if (hosts.some((own) => own.toLowerCase() === host.toLowerCase())) return `${method.toUpperCase()} ${path}`
  // What stands before an at sign may be a password.
  return refuse(
    'route',
    `names the host ${JSON.stringify(host.replace(/^.*@/, '').slice(0, 80))}, and this session is connected to ${hosts.join(' and ')}`,
    'Write the path alone, or connect to that tenant.',
  )
}

/** The route without the parameters that are secrets: they go into the query, where a slot can stand. */
function asked(route: string, query: JsonObject | undefined): { route: string; query?: JsonObject } {
  const [path = '', search] = route.split('?', 2)
  if (search === undefined || route.includes('#')) return { route, ...(query && { query }) }
  const secret: Record<string, string> = {}
  const kept = search.split('&').filter((pair) => {
    const [[name, value] = ['', '']] = [...new URLSearchParams(pair)]
    if (value === '' || !(isSecretName(name) || isSecretText(value))) return true
    secret[name] = value
    return false
  })
  const plain = kept.length === 0 ? path : `${path}?${kept.join('&')}`
  if (Object.keys(secret).length === 0) return { route, ...(query && { query }) }
  return { route: plain, query: { ...secret, ...query } }
}

function refuse(path: string, rule: string, next: string): never {
  return refuseArgument('auth0.raw()', { path, rule, next })
}
