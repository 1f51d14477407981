import { row } from '../../catalogue/index.ts'
import { authenticationWords } from './authentication.ts'
import { everydayWords } from './everyday.ts'
import { managementAToK } from './management-a-to-k.ts'
import { managementOToU } from './management-o-to-u.ts'
import { topLevelWords } from './top-level.ts'

/** What stands before everything in SDKs that have one client per API. */
const CLIENTS: readonly string[] = ['management', 'authentication', 'managementClient', 'authenticationClient']

let table: ReadonlyMap<string, string> | undefined
let gone: ReadonlySet<string> | undefined
let below: ReadonlyMap<string, ReadonlySet<string>> | undefined

/** Every word of another SDK, as it is written after `auth0.`, and what is written after `auth0.` here. */
export function sdkWords(): ReadonlyMap<string, string> {
  table ??= new Map(
    [authenticationWords, managementAToK, managementOToU, topLevelWords, everydayWords].flatMap((words) =>
      Object.entries(words),
    ),
  )
  return table
}

/**
 * The words of other SDKs that stand right below a place.
 *
 * @param place As it is written after `auth0.`, calls left out: `users`, `jobs.errors`; empty for the session itself.
 * @returns Names, groups that are not here included; none where others write what stands here.
 */
export function sdkWordsBelow(place: string): ReadonlySet<string> {
  if (below === undefined) {
    const found = new Map<string, Set<string>>([['', new Set(CLIENTS)]])
    for (const word of sdkWords().keys()) {
      const names = word.split('.')
      for (const [at, name] of names.entries()) {
        const lead = names.slice(0, at).join('.')
        found.set(lead, (found.get(lead) ?? new Set()).add(name))
      }
    }
    below = found
  }
  return below.get(place) ?? new Set()
}

/** Whether a word, as it was written after `auth0.`, is one of another SDK; below a client and below its groups, each is. */
export function isSdkWord(word: string): boolean {
  const names = word.split('.')
  const [first = ''] = names
  if (CLIENTS.includes(first) || (names.length > 1 && isGone(first))) return true
  return sdkWordsBelow(names.slice(0, -1).join('.')).has(names.at(-1) ?? '') && (names.length > 1 || isGone(first))
}

/**
 * What is written here instead of a word of another SDK.
 *
 * @param word As it was written after `auth0.`: `users.getByEmail`, `oauth`, `management.users.getAll`.
 * @returns `users.listUsersByEmail({ email })`; for a group that is not here, one of its words; else the word itself.
 */
export function writtenHere(word: string): string {
  const words = sdkWords()
  const exact = words.get(word)
  if (exact !== undefined) return exact
  const plain = plainWord(word)
  if (plain !== word) return words.get(plain) ?? treeCall(plain) ?? writtenHere(plain)
  const [first = '', ...rest] = word.split('.')
  if (CLIENTS.includes(first)) {
    if (rest.length > 0) return writtenHere(rest.join('.'))
    return first.startsWith('management') ? 'users.list()' : 'login.clientCredentials()'
  }
  for (const [known, here] of words) {
    if (known.startsWith(`${word}.`) || (isGone(first) && known.startsWith(`${first}.`))) return here
  }
  return `${word.replace(/\.getAll$/, '.list')}(…)`
}

/** A word of Auth0.NET as its siblings write it: `Users.GetAsync` is `users.get`. */
export function plainWord(word: string): string {
  return word
    .split('.')
    .map((name) =>
      name.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase()).replace(/(?<=.)Async$/, ''),
    )
    .join('.')
}

/** How the verb of the tree is called that a word names in full. */
function treeCall(word: string): string | undefined {
  const found = row(word.replace(/\.getAll$/, '.list'))
  if (found?.api !== 'management') return undefined
  const idsAt = (at: number): string =>
    found.parameters
      .filter(({ segment }) => segment === at)
      .map(({ name }) => name)
      .join(', ')
  const groups = found.group.map((group, at) => (idsAt(at) === '' ? group : `${group}(${idsAt(at)})`))
  const taken = [idsAt(-1), found.body === undefined ? '' : '{…}'].filter((part) => part !== '')
  return `${[...groups, found.verb].join('.')}(${taken.join(', ')})`
}

/** Whether a first name is not here at all: no word leads to it. */
function isGone(first: string): boolean {
  gone ??= new Set(
    [...sdkWordsBelow('')].filter((name) => {
      const here = new RegExp(`^${name}[.(]`)
      return ![...sdkWords().values()].some((text) => here.test(text))
    }),
  )
  return gone.has(first)
}
