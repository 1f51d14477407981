import type { OperationRow } from '../catalogue/index.ts'
import { ValidationError } from '../plan/index.ts'
import type { TreePlace } from './tree-places.ts'
import { placeOf } from './tree-verb.ts'

/** Words of other SDKs for verbs of ours. */
const ALIASES: Readonly<Record<string, string>> = { getAll: 'list', remove: 'delete', patch: 'update', replace: 'set' }

const inspect = Symbol.for('nodejs.util.inspect.custom')

type Signposts = Map<string, () => unknown>

/**
 * What a prototype inherits: readers of other SDKs write `auth0.clients.update(id, body)` first, and are told the right
 * way. No list of members shows a signpost, so that completion and inspection keep to what is there; called, it throws.
 *
 * @param words Names of the hand-written words of the called node.
 * @param group The group whose call led to `place`.
 */
export function signpostsOf(place: TreePlace, words: readonly string[], group?: TreePlace): object {
  const posts: Signposts = new Map()
  const { called } = place
  for (const [name, row] of called?.place.verbs ?? []) add(posts, name, () => refusal(written(place, name), row))
  for (const name of words) add(posts, name, () => refusal(written(place, name), undefined, wordPlace(place, name)))
  for (const [name, child] of called?.place.children ?? []) add(posts, name, () => signpost(child))
  for (const [name, row] of group?.verbs ?? []) add(posts, name, () => refusal(written(place, name), row))
  for (const [alias, name] of Object.entries(ALIASES)) {
    const row = place.verbs.get(name) ?? called?.place.verbs.get(name)
    if (row !== undefined) add(posts, alias, () => refusal(written(place, alias), row))
  }
  return hidden(posts)
}

/** A group that was reached without the identifier before it: whatever is called on it says so. */
function signpost(place: TreePlace): object {
  const posts: Signposts = new Map()
  for (const inner of [place, place.called?.place]) {
    for (const [name, row] of inner?.verbs ?? []) add(posts, name, () => refusal(written(place, name), row))
    for (const [name, child] of inner?.children ?? []) add(posts, name, () => signpost(child))
  }
  const [first] = [...place.verbs.values(), ...(place.called?.place.verbs.values() ?? [])]
  const standing = first === undefined ? () => undefined : refusal(written(place, ''), first)
  Object.setPrototypeOf(standing, hidden(posts))
  Object.defineProperty(standing, inspect, { value: () => `${written(place, '')}: an identifier is missing before it` })
  return standing
}

function add(posts: Signposts, name: string, make: () => unknown): void {
  if (!posts.has(name)) posts.set(name, make)
}

/** An object that answers a few names and lists none. */
function hidden(posts: Signposts): object {
  return new Proxy(Object.create(null) as object, {
    get: (_, name) => (typeof name === 'string' ? posts.get(name)?.() : undefined),
  })
}

function refusal(found: string, row: OperationRow | undefined, place = row === undefined ? '' : placeOf(row)) {
  return (...args: readonly unknown[]): never => {
    const takes = row === undefined || row.body !== undefined || (row.query.length > 0 && args.some(isRecord))
    const own = row?.parameters.filter(({ segment }) => segment === -1).map(({ name }) => name) ?? []
    const right = `${place}(${[...own, ...(takes ? ['{…}'] : [])].join(', ')})`
    const rule = 'is not where this verb stands'
    throw new ValidationError(`${found}() ${rule}: write ${right}.`, {
      issues: [{ path: '', rule, suggestion: right }],
    })
  }
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null

/** `auth0.organizations(…).members.get`, as it was typed. */
function written({ path }: TreePlace, name: string): string {
  return `auth0.${path.replaceAll('()', '(…)')}${name === '' ? '' : `.${name}`}`
}

function wordPlace({ path, called }: TreePlace, name: string): string {
  return `auth0.${path.replaceAll('()', '(…)')}(${(called?.names ?? []).join(', ')}).${name}`
}
