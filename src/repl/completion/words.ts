import { helpedWords } from '../../grammar/index.ts'

/** Words that have no help of their own, because help on the word before them tells of them. */
const FURTHER = [
  'mfa().authenticators.list',
  'mfa().authenticators().delete',
  'tenant().quotas',
  'tenant().quotas().get',
  'tenant().quotas().clients',
  'tenant().quotas().organizations',
]

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
    'asns(',
    'userAgents(',
    'hostnames(',
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

const PLAN = [
  'customDomain(',
  'data',
  'diff()',
  'events()',
  'explain()',
  'hash',
  'run()',
  'toCurl()',
  'toHttp()',
  'toJSON()',
  'with(',
]
const LIST = ['all()', 'first()', 'pages()', 'take(']
const EXECUTION = ['abort()', 'catch(', 'events', 'finally(', 'outcome()', 'plan', 'subscribe(', 'then(']
const FLOW = ['events()', 'explain()', 'name', 'run()']

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
  for (const word of [...helpedWords(), ...FURTHER]) {
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
  return [...helpedWords(), ...FURTHER].some(
    (word) => word === path || word.startsWith(`${path}.`) || word.startsWith(`${path}()`),
  )
}

/** Words of a builder that begins at this path. */
export function chainOf(path: string): readonly string[] | undefined {
  return Object.hasOwn(CHAINS, path) ? CHAINS[path] : undefined
}

/** True for a word that ends a builder in a plan. */
export function endsChain(name: string): boolean {
  return ENDS.test(name)
}
