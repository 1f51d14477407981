import { cleanArgument, NotJson } from '../../grammar/index.ts'
import {
  isJsonObject,
  isSecretName,
  type JsonObject,
  type PlanData,
  planData,
  type SecretValues,
  ValidationError,
} from '../../plan/index.ts'
import { matchedRow } from '../../wire/index.ts'

/** What a raw request carries. */
export interface RawOptions {
  readonly query?: JsonObject
  readonly body?: unknown
}

const ROUTE = /^(GET|POST|PUT|PATCH|DELETE) (\/\S*)$/

/**
 * The plan of a request that is written by hand. Fields that hold a secret, by the catalogue or by their name, become
 * slots, so that the plan can be printed like any other.
 *
 * @throws ValidationError for a route that is none, and for a body that JSON cannot carry.
 */
export function rawPlan(route: unknown, options: RawOptions = {}): { data: PlanData; secrets: SecretValues } {
  if (typeof route !== 'string' || !ROUTE.test(route)) {
    refuse(
      'route',
      `must be a method and a path, not ${typeof route === 'string' ? `"${route.slice(0, 80)}"` : typeof route}`,
      "Write auth0.raw('GET /api/v2/users', { query: { per_page: 5 } }); the host is that of the session.",
    )
  }
  for (const key of Object.keys(options)) {
    if (key !== 'query' && key !== 'body') refuse(key, 'is no option', 'Options are query and body.')
  }
  const { query, body } = options
  if (query !== undefined && !isJsonObject(query)) refuse('query', 'must be an object', 'Write query: { name: value }.')
  const known = matchedRow(planData({ op: 'raw', route }))
  try {
    const cleanQuery = query === undefined ? undefined : (cleanArgument(query, []).json as JsonObject)
    const clean =
      body === undefined ? undefined : cleanArgument(body, [...(known?.secretBody ?? []), ...namedSecrets(body)])
    const data = planData({ op: 'raw', route, query: cleanQuery, body: clean?.json })
    return { data, secrets: clean?.secrets ?? {} }
  } catch (cause) {
    if (cause instanceof NotJson) refuse(cause.path, `cannot be sent: ${cause.rule}`, 'Convert it first.')
    throw cause
  }
}

/** Dotted paths of texts whose field name says that they are secret. */
function namedSecrets(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null || path.length > 20) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, key]
    if (typeof member === 'string') return isSecretName(key) ? [here.join('.')] : []
    return namedSecrets(member, here)
  })
}

function refuse(path: string, rule: string, next: string): never {
  throw new ValidationError(`auth0.raw(): ${path} ${rule}. ${next}`, { issues: [{ path, rule }] })
}
