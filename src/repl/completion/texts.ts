import { operationIds, rows } from '../../catalogue/index.ts'
import { helpedWords } from '../../grammar/index.ts'

/**
 * Routes for `auth0.raw('…')`, one level of the path at a time. What was typed for an identifier stays.
 *
 * @param typed `GET /api/v2/us`.
 */
export function routesFor(typed: string): readonly string[] {
  const found = new Set<string>()
  for (const { method, path } of rows()) {
    const route = `${method} ${path}`
    const written = fitted(route, typed)
    if (written === undefined) continue
    found.add(levelOf(written, typed.length))
  }
  return [...found]
}

/** The route up to the end of its next level; all of the Management API lies below one that nobody needs to choose. */
function levelOf(route: string, typed: number): string {
  const management = /^[A-Z]+ \/api\/v2\//.exec(route)?.[0].length
  if (management !== undefined && typed < management) return route.slice(0, management)
  const slash = route.indexOf('/', Math.max(typed, route.indexOf('/') + 1))
  return slash === -1 ? route : route.slice(0, slash + 1)
}

/** A route with the identifiers that were typed in place of its parameters; nothing where it begins otherwise. */
function fitted(route: string, typed: string): string | undefined {
  const parts = typed.split('/')
  const own = route.split('/')
  if (parts.length > own.length) return undefined
  const isLast = (index: number): boolean => index === parts.length - 1
  const fits = parts.every((part, index) => {
    const segment = own[index] ?? ''
    if (isLast(index)) return segment.startsWith(part) || (segment.startsWith('{') && part !== '')
    return segment === part || (segment.startsWith('{') && part !== '')
  })
  if (!fits) return undefined
  return own
    .map((segment, index) => {
      const part = parts[index]
      return part !== undefined && segment.startsWith('{') && !(isLast(index) && segment.startsWith(part))
        ? part
        : segment
    })
    .join('/')
}

let vocabulary: readonly string[] | undefined

/** Words that a search finds something by: those that operations and words are made of. */
export function searchWords(): readonly string[] {
  vocabulary ??= [
    ...new Set(
      [...operationIds(), ...helpedWords()].flatMap((name) =>
        name
          .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase()
          .split(/[^a-z]+/)
          .filter((word) => word.length > 2),
      ),
    ),
  ].sort()
  return vocabulary
}

/** The search with its last word completed. */
export function searchesFor(typed: string): readonly string[] {
  const [, before = '', last = ''] = /^(.*\s)?(\S*)$/s.exec(typed) ?? []
  return searchWords()
    .filter((word) => word.startsWith(last.toLowerCase()))
    .map((word) => before + last + word.slice(last.length))
}

/** Names that have help: operations and words. */
export function helpedNames(): readonly string[] {
  return [...operationIds(), ...helpedWords()]
}
