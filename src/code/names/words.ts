import { fieldsOf, type WordField, wordRow } from '../../catalogue/index.ts'
import { helpedWords, topGroups } from '../../grammar/index.ts'
import { CONNECT_OPTIONS } from '../../session/index.ts'

/** Words that answer what they were called on, so that any of them may follow any other. */
const CHAINS: Readonly<Record<string, readonly string[]>> = {
  'networkAcls.rule': [
    'block()',
    'allow()',
    'redirect(',
    'log()',
    'matching(',
    'notMatching(',
    'countries(',
    'subdivisions(',
    'ipv4(',
    'ipv6(',
    'asns(',
    'userAgents(',
    'hostnames(',
    'ja3(',
    'ja4(',
    'scope(',
    'priority(',
    'active(',
    'describe(',
    'toRule()',
    'create()',
    'update(',
    'set(',
  ],
}

const ENDS = /^(create|update|set|toRule)\b/

const COMPOSED = ['andThen(', 'each(', 'explain()', 'events()', 'map(', 'otherwise(', 'run()']
const PLAN = [
  ...COMPOSED,
  'customDomain(',
  'data',
  'diff()',
  'hash',
  'toCurl()',
  'toHttp()',
  'toJSON()',
  'undoWith(',
  'with(',
]
const LIST = ['all()', 'first()', 'pages()', 'take(']
const EXECUTION = ['abort()', 'catch(', 'events', 'finally(', 'outcome()', 'plan', 'subscribe(', 'then(']
const FLOW = [...COMPOSED, 'check()', 'name']
/** Members of a session that are neither groups nor words of the Authentication API. */
const SESSION = [
  'as(',
  'can(',
  'domain',
  'find(',
  'help(',
  'inspect(',
  'limits()',
  'raw(',
  'run(',
  'schema(',
  'scopesFor(',
  'tokens',
]

/** Fields of the objects that members take which no row of the catalogue and no word describes, by the name of the member. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  with: ['customDomain', 'headers', 'maxRetries', 'query', 'timeout'],
  run: ['maxQueue', 'signal'],
  as: ['audience', 'clientAssertion', 'clientId', 'clientSecret', 'organization', 'token'],
  raw: ['body', 'query'],
  connect: CONNECT_OPTIONS,
  show: ['columns', 'dates', 'limit', 'now', 'sort', 'title'],
}

/** Fields of the object that a member of a plan or session takes. */
export function optionsOf(name: string): readonly string[] {
  return Object.hasOwn(OPTIONS, name) ? (OPTIONS[name] as readonly string[]) : []
}

const ANY_CLIENT = 'login.clientCredentials'

/** Fields of the object that a word takes at one of its arguments: it stands behind those that have names. */
export function fieldsOfWord(path: string, argument: number): readonly WordField[] {
  // What follows each other in one plan is described once.
  const own = path.replace(/^tenant\(\)\.quotas\(\)\..*\.(\w+)$/, 'tenant().quotas().$1')
  const row = wordRow(own)
  if (row === undefined) return []
  // An application is written alike wherever one is taken.
  if (row.args[argument]?.type === 'ClientOptions') return fieldsOf(ANY_CLIENT).filter((each) => each.in === 'client')
  return (argument === 0 ? row.made : undefined) ?? (argument === row.args.length ? (row.fields ?? []) : [])
}

/** Names that a session has, with `(` where they are called. */
export function sessionMembers(): readonly string[] {
  const words = new Set(helpedWords().map((word) => word.replace(/[.(].*$/, '')))
  const roots = [...words]
    .filter((name) => !topGroups().includes(name))
    .map((name) => (helpedWords().some((word) => word.startsWith(`${name}.`)) ? name : `${name}(`))
  return [...topGroups(), ...roots, ...SESSION]
}

/** Members of a plan; a plan of a list has more. */
export function planMembers(list: boolean): readonly string[] {
  return list ? [...PLAN, ...LIST] : PLAN
}

/** What a member of a plan answers, in the words of this room. */
export function afterPlanMember(name: string): 'plan' | 'execution' | 'flow' | 'unknown' {
  if (['with', 'customDomain', 'first', 'all', 'take'].includes(name)) return 'plan'
  if (name === 'run') return 'execution'
  return name === 'diff' ? 'flow' : 'unknown'
}

export const executionMembers: readonly string[] = EXECUTION
export const flowMembers: readonly string[] = FLOW

/** Names that may follow a path of hand-chosen words, with `(` where they are called. */
export function wordsBelow(path: string): readonly string[] {
  const lead = `${path}.`
  const names = new Set<string>()
  for (const word of helpedWords()) {
    if (!word.startsWith(lead)) continue
    const [name = '', ...rest] = word.slice(lead.length).split('.')
    const bare = name.replace('()', '')
    if (rest.length > 0 && !name.endsWith('()')) names.delete(`${bare}(`)
    const known = names.has(bare) || names.has(`${bare}(`)
    if (!known) names.add(rest.length === 0 || name.endsWith('()') ? `${bare}(` : bare)
  }
  return [...names]
}

/** True where something follows a call of the word at this path. */
export function leadsOn(path: string): boolean {
  return wordsBelow(`${path}()`).length > 0
}

/** True for a word at this path. */
export function isWord(path: string): boolean {
  return helpedWords().some((word) => word === path || word.startsWith(`${path}.`) || word.startsWith(`${path}()`))
}

/** Words of a builder that begins at this path. */
export function chainOf(path: string): readonly string[] | undefined {
  return Object.hasOwn(CHAINS, path) ? CHAINS[path] : undefined
}

/** True for a word that ends a builder in a plan. */
export function endsChain(name: string): boolean {
  return ENDS.test(name)
}
