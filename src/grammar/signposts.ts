import type { OperationRow } from '../catalogue/index.ts'
import { ValidationError } from '../plan/index.ts'
import { EXPORTS, isSdkWord, plainWord, sdkWord, sdkWords, sdkWordsBelow, writtenHere } from './sdk-words/index.ts'
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
  return hidden(posts, { sdkWordsAt: place.path })
}

/** What the session itself inherits: words that other SDKs have on their client, and groups that are not here. */
export function rootSignposts(): object {
  return hidden(new Map(), { sdkWordsAt: '' })
}

/** Puts words of other SDKs behind the members of a word, or of a set of words. */
export function giveSdkWords(words: object, path: string): void {
  Object.setPrototypeOf(words, hidden(new Map(), { sdkWordsAt: path, above: Object.getPrototypeOf(words) }))
}

/**
 * What is said of a word of another SDK, for places where the compiler stops before it is called.
 *
 * @param place Where it was written, after `auth0.`, calls left out; empty for the session itself.
 * @param names What was written there: `oauth` and `clientCredentialsGrant`.
 * @returns `auth0.users.getByEmail is a word of another tool: write auth0.users.listUsersByEmail({ email }).`; nothing for
 *   other words.
 */
export function sdkPlace(place: string, names: readonly string[]): string | undefined {
  const lead = place === '' ? [] : place.split('.')
  const words = names.map((_, at) => [...lead, ...names.slice(0, names.length - at)].join('.'))
  const word =
    words.find(place === '' ? isSdkWord : (each) => sdkWords().has(each)) ??
    words.find((each) => plainWord(each) !== each && writtenHere(each) !== `${plainWord(each)}(…)`)
  return word === undefined ? undefined : `auth0.${word} is a word of another tool: write auth0.${writtenHere(word)}.`
}

/**
 * What is said of a name that another package of Auth0 exports.
 *
 * @returns `ManagementClient is not a word of this package: write connect({ domain, clientId, clientSecret }).`; nothing for
 *   other names.
 */
export function exportElsewhere(name: string): string | undefined {
  return Object.hasOwn(EXPORTS, name) ? `${name} is not a word of this package: write ${EXPORTS[name]}.` : undefined
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

interface Hidden {
  readonly above?: object | null
  /** Where words of other SDKs are answered as well; they are read when a member is asked for that is not here. */
  readonly sdkWordsAt?: string
}

/** An object that answers a few names and lists none. */
function hidden(posts: Signposts, { above = null, sdkWordsAt: path }: Hidden = {}): object {
  const place = path?.replaceAll('()', '')
  return new Proxy(Object.create(above) as object, {
    get(target, name, receiver) {
      if (typeof name === 'string') {
        if (place !== undefined && sdkWordsBelow(place).has(name))
          return sdkWord(place === '' ? name : `${place}.${name}`)
        const post = posts.get(name)
        if (post !== undefined) return post()
        const plain = plainWord(name)
        // Auth0.NET writes `Users.GetAsync`; what stands here under the plain name is not that word.
        if (place !== undefined && plain !== name && (posts.has(plain) || Reflect.has(receiver as object, plain)))
          return sdkWord(place === '' ? name : `${place}.${name}`)
        if (place !== undefined && plain !== name && sdkWordsBelow(place).has(plain))
          return sdkWord(place === '' ? name : `${place}.${name}`)
      }
      return Reflect.get(target, name, receiver)
    },
  })
}

function refusal(found: string, row: OperationRow | undefined, place = row === undefined ? '' : placeOf(row)) {
  return (...args: readonly unknown[]): never => {
    const right = rightCall(row, place, args.some(isRecord))
    throw new ValidationError(`${found}() ${RULE}: write ${right}.`, {
      issues: [{ path: '', rule: RULE, suggestion: right }],
    })
  }
}

const RULE = 'does not exist'

function rightCall(row: OperationRow | undefined, place: string, hasRecord: boolean): string {
  const takes = row === undefined || row.body !== undefined || (row.query.length > 0 && hasRecord)
  const own = row?.parameters.filter(({ segment }) => segment === -1).map(({ name }) => name) ?? []
  return `${place}(${[...own, ...(takes ? ['{…}'] : [])].join(', ')})`
}

/**
 * What a signpost says, for places where the compiler stops before one is called.
 *
 * @param names what was written behind `place`, such as `update`, or `errors` and `get`.
 * @param words Names of the hand-written words of the called node.
 * @param group The group whose call led to `place`.
 * @returns `auth0.clients.update() does not exist: write auth0.clients(id).update({…}).`; nothing where the
 *   names are not words that stand elsewhere.
 */
export function rightPlace(
  place: TreePlace,
  names: readonly string[],
  words: readonly string[],
  group?: TreePlace,
): string | undefined {
  const [name = ''] = names
  if (words.includes(name))
    return `${written(place, name)}() ${RULE}: write ${rightCall(undefined, wordPlace(place, name), true)}.`
  const found = rowOf(place, names) ?? group?.verbs.get(name)
  if (found === undefined) return undefined
  return `${written(place, found.verb === names.at(-1) ? names.join('.') : name)}() ${RULE}: write ${rightCall(found, placeOf(found), false)}.`
}

/** The verb that names lead to where each group may lack the call before it. */
function rowOf(place: TreePlace, [name = '', ...rest]: readonly string[]): OperationRow | undefined {
  const inner = place.called?.place
  const alias = Object.hasOwn(ALIASES, name) ? (ALIASES[name] as string) : name
  const own = alias === name ? undefined : place.verbs.get(alias)
  const verb = inner?.verbs.get(alias) ?? own
  if (verb !== undefined) return verb
  const child = inner?.children.get(name)
  if (child === undefined) return undefined
  const [next] = rest
  return (
    (next === undefined ? undefined : (child.verbs.get(next) ?? rowOf(child, rest))) ??
    [...child.verbs.values(), ...(child.called?.place.verbs.values() ?? [])][0]
  )
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null

/** `auth0.organizations(…).members.get`, as it was typed. */
function written({ path }: TreePlace, name: string): string {
  return `auth0.${path.replaceAll('()', '(…)')}${name === '' ? '' : `.${name}`}`
}

function wordPlace({ path, called }: TreePlace, name: string): string {
  return `auth0.${path.replaceAll('()', '(…)')}(${(called?.names ?? []).join(', ')}).${name}`
}
