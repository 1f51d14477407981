import type { ManagementTree } from '../catalogue/index.ts'
import type { Bind } from '../plan/index.ts'
import { makeStamp, ValidationError } from '../plan/index.ts'
import { giveHelp, groupHelp, type Help, verbHelp, wordHelp } from './help/index.ts'
import { rootSignposts, signpostsOf } from './signposts.ts'
import type { TreePlace } from './tree-places.ts'
import { topGroup, topGroups } from './tree-places.ts'
import { type PlanWords, planOf, requireId, signatureOf } from './tree-verb.ts'

/** What a word or verb finds out about the node it was called on. */
export interface NodeContext {
  readonly bind: Bind
  /** Words that plans of some operations offer besides their own. */
  readonly planWords?: PlanWords | undefined
  /** Arguments of the calls that led here, by index of the group segment: `[['auth0|1'], ['google-oauth2', '42']]`. */
  readonly calls: readonly (readonly string[])[]
}

/** A hand-written word: a method of a node; `contextOf(this)` tells where it was called. */
// biome-ignore lint/suspicious/noExplicitAny: each word has its own arguments; its interface in the catalogue types them.
export type TreeWord = (this: object, ...args: any[]) => unknown

/** Hand-written words by node path (`clients()`, `networkAcls`) and name. */
export type TreeWords = Readonly<Record<string, Readonly<Record<string, TreeWord>>>>

const inspect = Symbol.for('nodejs.util.inspect.custom')
/** Where a node was called, and where it stands in the tree. */
interface Standing {
  readonly context: NodeContext
  readonly place: TreePlace | 'root'
}

const standings = makeStamp<Standing>()
const children = new WeakMap<object, Map<string, object>>()
const noWords: TreeWords = {}
// Prototypes are built once per process and set of words, node by node, when a node is first touched.
const prototypes = new WeakMap<TreeWords, Map<string, object>>()

/**
 * Where a node of the tree stands.
 *
 * @throws ValidationError when `node` is none, as when a verb was taken off its group.
 */
export function contextOf(node: unknown): NodeContext {
  const standing = standingOf(node)
  if (standing !== undefined) return standing.context
  const rule = 'was called without its group'
  throw new ValidationError(
    `A verb of the Management API ${rule}. Write it after its group, as in auth0.users.list().`,
    {
      issues: [{ path: '', rule }],
    },
  )
}

/** Where in the tree a node stands, for completion, which must not call it; `undefined` for what is no node. */
export function placeOfNode(node: unknown): TreePlace | 'root' | undefined {
  return standingOf(node)?.place
}

function standingOf(node: unknown): Standing | undefined {
  return (typeof node === 'object' && node !== null) || typeof node === 'function' ? standings.get(node) : undefined
}

/**
 * The Management API as its resource tree: real objects, whose prototypes carry groups and verbs and nothing else.
 * Nothing is built before it is touched; reading a group sends nothing and changes nothing.
 *
 * @param bind Turns the data of a verb into a plan.
 * @param words Hand-written words to stand beside the verbs.
 * @param planWords Words that plans of some operations offer.
 */
export function managementTree(bind: Bind, words: TreeWords = noWords, planWords?: PlanWords): ManagementTree {
  const prototype = cached(words, '', () => {
    const root: object = Object.create(rootSignposts())
    for (const name of topGroups()) {
      getter(root, name, function (this: object) {
        return childOf(this, name, () => node(topGroup(name), contextOf(this), words))
      })
    }
    dress(root, () => `management { ${topGroups().join(', ')} }`, 'management')
    return root
  })
  const root: object = Object.create(prototype)
  standings.set(root, { context: { bind, planWords, calls: [] }, place: 'root' })
  return root as ManagementTree
}

function node(place: TreePlace, context: NodeContext, words: TreeWords, group?: TreePlace): object {
  const prototype = cached(words, place.path, () => prototypeOf(place, words, group))
  const made = place.called === undefined ? Object.create(prototype) : callable(place, context, words, prototype)
  standings.set(made, { context, place })
  return made
}

/** A function without the members that functions have, so that completion shows groups and verbs only. */
function callable(place: TreePlace, context: NodeContext, words: TreeWords, prototype: object): object {
  const { called } = place
  const call = (...args: unknown[]): object => {
    const names = called?.names ?? []
    if (args.length > names.length) {
      const written = callText(place)
      const rule = `takes ${names.length === 1 ? 'one argument' : `${names.length} arguments`}, not ${args.length}`
      throw new ValidationError(
        `${written} ${rule}. What is to be done follows as a verb, as in ${written}.${firstVerb(called?.place)}.`,
        {
          issues: [{ path: '', rule }],
        },
      )
    }
    const calls = [...context.calls]
    calls[place.segment] = names.map((name, index) => {
      const id = args[index]
      return typeof id === 'string' && id !== '' ? id : requireId(callText(place), name, id)
    })
    for (let index = 0; index < calls.length; index++) calls[index] ??= []
    return node((called as { place: TreePlace }).place, { ...context, calls }, words, place)
  }
  Reflect.deleteProperty(call, 'name')
  Reflect.deleteProperty(call, 'length')
  return Object.setPrototypeOf(call, prototype) as object
}

/** A call of a node as it is written: `auth0.organizations(id)`. */
function callText({ path, called }: TreePlace): string {
  return `auth0.${path.replaceAll('()', '(…)')}(${(called?.names ?? []).join(', ')})`
}

function firstVerb(place: TreePlace | undefined): string {
  const [verb] = place?.verbs.keys() ?? []
  const [child] = place?.children.keys() ?? []
  return verb === undefined ? (child ?? '') : `${verb}()`
}

/** @param group The group whose call led to `place`. */
function prototypeOf(place: TreePlace, words: TreeWords, group: TreePlace | undefined): object {
  const called = Object.keys(words[`${place.path}()`] ?? {})
  const prototype: object = Object.create(signpostsOf(place, called, group))
  for (const [name, row] of place.verbs) {
    const verb: TreeWord = function (this: object, ...args: unknown[]) {
      const { bind, calls, planWords } = contextOf(this)
      return planOf(row, calls, args, bind, planWords)
    }
    method(prototype, name, row.id, verb, () => verbHelp(row))
  }
  for (const [name, word] of Object.entries(words[place.path] ?? {}))
    method(prototype, name, `${place.path}.${name}`, word, () => wordHelp(`${place.path}.${name}`))
  for (const [name, child] of place.children) {
    getter(prototype, name, function (this: object) {
      return childOf(this, name, () => node(child, contextOf(this), words))
    })
  }
  dress(prototype, () => describe(place, words), place.path)
  giveHelp(prototype, () => groupHelp(place, Object.keys(words[place.path] ?? {})))
  return prototype
}

/** `users(id) { create(body), list(query?), listUsersByEmail(query?) }` */
function describe(place: TreePlace, words: TreeWords): string {
  const call = place.called === undefined ? '' : `(${place.called.names.join(', ')})`
  const verbs = [...place.verbs].map(([name, row]) => name + signatureOf(row))
  const own = Object.keys(words[place.path] ?? {}).map((name) => `${name}(…)`)
  return `${place.path.replaceAll('()', '(…)')}${call} { ${[...verbs, ...own, ...place.children.keys()].join(', ')} }`
}

function method(target: object, name: string, label: string, value: TreeWord, help: () => Help): void {
  const verb = function (this: object, ...args: unknown[]): unknown {
    return value.apply(this, args)
  }
  Object.defineProperty(verb, 'name', { value: label })
  giveHelp(verb, help)
  Object.defineProperty(target, name, { value: verb, enumerable: true })
}

function getter(target: object, name: string, get: (this: object) => object): void {
  Object.defineProperty(target, name, { get, enumerable: true })
}

function dress(prototype: object, text: () => string, path: string): void {
  Object.defineProperty(prototype, inspect, { value: text })
  Object.defineProperty(prototype, Symbol.toStringTag, { value: path })
  Object.defineProperty(prototype, Symbol.toPrimitive, { value: () => path })
}

function childOf(parent: object, name: string, make: () => object): object {
  let own = children.get(parent)
  if (own === undefined) {
    own = new Map()
    children.set(parent, own)
  }
  let child = own.get(name)
  if (child === undefined) {
    child = make()
    own.set(name, child)
  }
  return child
}

function cached(words: TreeWords, path: string, make: () => object): object {
  let known = prototypes.get(words)
  if (known === undefined) {
    known = new Map()
    prototypes.set(words, known)
  }
  let prototype = known.get(path)
  if (prototype === undefined) {
    prototype = make()
    known.set(path, prototype)
  }
  return prototype
}
