import type { OperationRow } from '../../catalogue/index.ts'
import { placeOfNode, type TreePlace, topGroup, topGroups } from '../../grammar/index.ts'
import { isSession } from '../../session/index.ts'
import type { Token } from '../tokens.ts'
import { answerOf, listOfName } from './lists.ts'
import { memberNames, memberOf } from './members.ts'
import {
  afterPlanMember,
  chainOf,
  endsChain,
  executionMembers,
  flowMembers,
  isWord,
  leadsOn,
  planMembers,
  sessionMembers,
  wordsBelow,
} from './words.ts'

/** What stands at a point of an expression, found without evaluating any of it. */
export type Shape =
  | { readonly kind: 'session'; readonly value: unknown }
  | { readonly kind: 'place'; readonly place: TreePlace }
  | { readonly kind: 'verb'; readonly row: OperationRow }
  /** A hand-chosen word, or a set of them. */
  | { readonly kind: 'word'; readonly path: string }
  | {
      readonly kind: 'chain'
      readonly path: string
      readonly called: boolean
      readonly ended: boolean
      /** The word that was written last. */
      readonly name?: string
    }
  | { readonly kind: 'plan'; readonly list: boolean }
  | { readonly kind: 'plan-member'; readonly name: string; readonly list: boolean }
  /** Words that may follow, and the path that leads to what they take. */
  | { readonly kind: 'names'; readonly names: readonly string[]; readonly path?: string }
  /** A value that is there, and the name of the session's member that it is. */
  | { readonly kind: 'value'; readonly value: unknown; readonly name?: string; readonly owner?: unknown }
  | { readonly kind: 'unknown' }

const UNKNOWN: Shape = { kind: 'unknown' }

/** The shape of a variable's value. */
export function shapeOf(value: unknown): Shape {
  if (isSession(value)) return { kind: 'session', value }
  const place = placeOfNode(value)
  return place === undefined || place === 'root' ? { kind: 'value', value } : { kind: 'place', place }
}

/** Names that may follow a dot. */
export function namesAfter(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case 'session':
      return shape.value === undefined
        ? sessionMembers()
        : [...topGroups(), ...memberNames(shape.value).filter((name) => !topGroups().includes(name))]
    case 'place':
      return [
        ...[...shape.place.verbs.keys()].map((name) => `${name}(`),
        ...shape.place.children.keys(),
        ...wordsBelow(shape.place.path),
        'help',
      ]
    case 'verb':
      return ['help']
    case 'word':
      return [...wordsBelow(shape.path), 'help']
    case 'chain':
      return shape.called ? (shape.ended ? planMembers(false) : (chainOf(shape.path) ?? [])) : ['help']
    case 'plan':
      return planMembers(shape.list)
    case 'names':
      return shape.names
    case 'value':
      return memberNames(shape.value)
    default:
      return []
  }
}

/** What a member leads to. */
export function stepTo(shape: Shape, name: string): Shape {
  switch (shape.kind) {
    case 'session':
      if (topGroups().includes(name)) return { kind: 'place', place: topGroup(name) }
      if (isWord(name)) return { kind: 'word', path: name }
      return shape.value === undefined
        ? { kind: 'plan-member', name, list: false }
        : { kind: 'value', value: memberOf(shape.value, name), name }
    case 'place':
      return belowPlace(shape.place, name)
    case 'word':
      return belowWord(`${shape.path}.${name}`)
    case 'chain':
      return shape.called ? { ...shape, called: false, ended: endsChain(name), name } : UNKNOWN
    case 'plan':
      return { kind: 'plan-member', name, list: shape.list }
    case 'names':
      if (shape.path !== undefined && shape.names.includes(`${name}(`) && chained(name))
        return { kind: 'word', path: `${shape.path}.${name}` }
      return shape.names.some((each) => each.replace(/\(.*$/, '') === name)
        ? { kind: 'plan-member', name, list: false }
        : UNKNOWN
    case 'value':
      return ownedBy(shape.value, name)
    default:
      return UNKNOWN
  }
}

/** A member of a value, with what it was read from: a call of it answers by that. */
function ownedBy(owner: unknown, name: string): Shape {
  const shape = shapeOf(memberOf(owner, name))
  return shape.kind === 'value' && typeof shape.value === 'function' ? { ...shape, name, owner } : shape
}

const chained = (name: string): boolean => name === 'clients' || name === 'organizations'

/** What an index leads to: the entry of a list, or the member of that name. */
export function stepAt(shape: Shape, index: string | undefined): Shape {
  if (shape.kind !== 'value' || index === undefined) return UNKNOWN
  return shapeOf(memberOf(shape.value, index))
}

/** What a call answers. */
export function stepInto(shape: Shape): Shape {
  switch (shape.kind) {
    case 'place':
      return shape.place.called === undefined ? UNKNOWN : { kind: 'place', place: shape.place.called.place }
    case 'verb':
      return { kind: 'plan', list: shape.row.paging !== undefined }
    case 'word':
      if (/^tenant\(\)\.quotas\(\)\..*(clients|organizations)$/.test(shape.path)) return quotasPlan(shape.path)
      return leadsOn(shape.path) ? { kind: 'word', path: `${shape.path}()` } : { kind: 'plan', list: false }
    case 'chain':
      return { ...shape, called: true }
    case 'plan-member':
      return afterMember(shape.name, shape.list)
    case 'value':
      return shape.name === undefined ? UNKNOWN : shapeOf(answerOf(shape.owner, shape.name))
    default:
      return UNKNOWN
  }
}

const quotasPlan = (path: string): Shape => ({
  kind: 'names',
  names: ['clients(', 'keepRest()', 'organizations(', ...planMembers(false)],
  path: `${path}()`,
})

function belowPlace(place: TreePlace, name: string): Shape {
  const row = place.verbs.get(name)
  if (row !== undefined) return { kind: 'verb', row }
  const child = place.children.get(name)
  return child === undefined ? belowWord(`${place.path}.${name}`) : { kind: 'place', place: child }
}

function belowWord(path: string): Shape {
  if (chainOf(path) !== undefined) return { kind: 'chain', path, called: false, ended: false }
  return isWord(path) ? { kind: 'word', path } : UNKNOWN
}

function afterMember(name: string, list: boolean): Shape {
  switch (afterPlanMember(name)) {
    case 'plan':
      return { kind: 'plan', list: list && (name === 'with' || name === 'customDomain') }
    case 'execution':
      return { kind: 'names', names: executionMembers }
    case 'flow':
      return { kind: 'names', names: flowMembers }
    default:
      return UNKNOWN
  }
}

/**
 * The shape of the chain of names and calls that ends with the token at `last`; its calls are not made.
 *
 * @returns `undefined` when what stands there is no such chain.
 */
export function shapeOfChain(
  tokens: readonly Token[],
  last: number,
  variables: Readonly<Record<string, unknown>>,
): Shape | undefined {
  const steps: ('()' | { readonly name: string } | { readonly index: string | undefined })[] = []
  let at = last
  for (;;) {
    const token = tokens[at]
    if (token === undefined) return undefined
    if (token.text === ')') {
      at = openingOf(tokens, at) - 1
      steps.unshift('()')
      continue
    }
    // What only the compiler sees.
    if (
      token.text === '!' ||
      (token.text === '?.' && tokens[at + 1]?.text !== undefined && '(['.includes(tokens[at + 1]?.text ?? ''))
    ) {
      at -= 1
      continue
    }
    if (token.text === ']') {
      const opening = openingOf(tokens, at)
      steps.unshift({ index: indexIn(tokens.slice(opening + 1, at), variables) })
      at = opening - 1
      continue
    }
    if (token.kind !== 'word') return undefined
    steps.unshift({ name: token.text })
    const before = tokens[at - 1]?.text
    if (before !== '.' && before !== '?.') break
    at -= 2
  }
  const startOf = (name: string): Shape | undefined => {
    const list = listOfName(tokens, at, name)
    if (list === undefined) return Object.hasOwn(variables, name) ? shapeOf(variables[name]) : undefined
    const shape = shapeOfChain(tokens, list, variables)
    return shape === undefined ? undefined : stepAt(shape, '0')
  }
  const [root, ...rest] = steps
  if (root === undefined || root === '()' || !('name' in root)) return undefined
  const start = startOf(root.name)
  if (start === undefined) return undefined
  return rest.reduce<Shape>((shape, step) => {
    if (step === '()') return stepInto(shape)
    return 'name' in step ? stepTo(shape, step.name) : stepAt(shape, step.index)
  }, start)
}

/** The index that stands in brackets, where it is known without running anything: a number, a text, or a variable. */
function indexIn(tokens: readonly Token[], variables: Readonly<Record<string, unknown>>): string | undefined {
  const [first, second] = tokens
  if (first === undefined || second !== undefined) return undefined
  if (first.kind === 'number') return String(Number(first.text))
  if (first.kind === 'string') return first.text.slice(1, -1)
  const value = first.kind === 'word' && Object.hasOwn(variables, first.text) ? variables[first.text] : undefined
  return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined
}

/** The bracket that the one at `closing` closes. */
function openingOf(tokens: readonly Token[], closing: number): number {
  const depth = tokens[closing]?.depth
  for (let at = closing - 1; at >= 0; at--) {
    const token = tokens[at]
    if (token !== undefined && token.depth === depth && '([{'.includes(token.text)) return at
  }
  return 0
}
