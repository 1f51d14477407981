import { meantSentence, nearest, nearMiss } from '../../catalogue/index.ts'
import { exportElsewhere, rightPlace, sdkPlace, topGroups } from '../../grammar/index.ts'
import { scan, type Token } from '../tokens.ts'
import { type Bound, boundNames } from './bound-names.ts'
import { memberNames, memberOf } from './members.ts'
import { namesAfter, type Shape, shapeOf, stepInto, stepTo } from './shape.ts'
import { wordsBelow } from './words.ts'

/** Code that failed. */
export interface FailedCode {
  /** The statement, the cell, or the whole file. */
  readonly code: string
  /** What the names of the code stand for, where that is known; otherwise the code itself tells which ones are sessions. */
  readonly variables?: Readonly<Record<string, unknown>>
  /** Line of the failure in the code, from 1; of several mistakes the one nearest to it is told. */
  readonly line?: number
}

/**
 * What code that failed may have meant: the first name in it that its place does not have, as the message of the error
 * tells it, which is V8's or TypeScript's. Runs none of the code.
 *
 * @param message of the error: `auth0.user.lst is not a function`, `Property 'update' does not exist on type 'Clients'`.
 * @returns `auth0.user is not there. Did you mean auth0.users?`; nothing where the message is about something else.
 */
export function meant(message: string, { code, variables = {}, line }: FailedCode): string | undefined {
  const { tokens } = scan(code)
  const bound = boundNames(tokens)
  const known: Known = { variables, bound }
  const missing = /^(?:ReferenceError: )?([\w$]+) is not defined|^Cannot find name '([\w$]+)'/.exec(message)
  if (missing !== null) return undefinedName(missing[1] ?? missing[2] ?? '', known)
  const imported = /does not provide an export named '([\w$]+)'|has no exported member '([\w$]+)'/.exec(message)
  if (imported !== null) return exportElsewhere(imported[1] ?? imported[2] ?? '')
  const told = toldNames(message)
  if (told === undefined) return undefined
  const found = tokens.flatMap((token, index) => {
    const before = tokens[index - 1]?.text
    if (token.kind !== 'word' || before === '.' || before === '?.') return []
    const lost = told.next === undefined || told.next !== tokens[index + 2]?.text ? undefined : lostIn(token, known)
    if (lost !== undefined) return [{ ...lost, next: told.next }]
    const root = rootOf(token.text, known)
    const wrong = root === undefined ? undefined : wrongIn(tokens, index, root)
    return wrong !== undefined && (told.name === wrong.name || told.next === wrong.next) ? [wrong] : []
  })
  const lineOf = ({ at }: Wrong): number => code.slice(0, at).split('\n').length
  const near = (wrong: Wrong): number => (line === undefined ? 0 : Math.abs(lineOf(wrong) - line))
  return [...found].sort((a, b) => near(a) - near(b))[0]?.sentence ?? ofPage(told, code)
}

/** Members that lists have elsewhere, and a page does not. */
const OF_PAGES =
  'data length map filter forEach find some every reduce slice at flatMap entries hasNextPage getNextPage list run'.split(
    ' ',
  )

/** What was meant where code takes the page that a list answers for an array, or for the page of another SDK. */
function ofPage({ name, next }: { readonly name?: string; readonly next?: string }, code: string): string | undefined {
  if (!/\.(?:list\w*|search)\([^;]*?\)\s*\.run\(\)/.test(code) || /\.all\(\)/.test(code)) return undefined
  const written = name ?? (/\.data\b/.test(code) ? 'data' : '')
  if (next !== undefined && written !== 'data') return undefined
  if (!OF_PAGES.includes(written)) return undefined
  if (written === 'run')
    return 'for await goes over the plan itself, without run(): for await (const item of auth0.users.list()) {}.'
  const follows = written.endsWith('NextPage') ? ' The next one is page.next?.run().' : ''
  return `A page of a list is { items, next, total }: its records are in items.${follows} With .all() before .run() the answer is an array of all.`
}

interface Known {
  readonly variables: Readonly<Record<string, unknown>>
  readonly bound: ReadonlyMap<string, Bound>
}

/** A name that its place does not have. */
interface Wrong {
  readonly name: string
  /** The name behind it. */
  readonly next: string | undefined
  /** Offset in the code. */
  readonly at: number
  readonly sentence: string
}

/** The names that a message speaks of: the one that is missing, or the one that was read from what is missing. */
function toldNames(message: string): { readonly name?: string; readonly next?: string } | undefined {
  const called = /(?:\.|^|\s)([\w$]+)(?:\(\.\.\.\))? is not (?:a function|iterable|a constructor|async iterable)/.exec(
    message,
  )
  if (called?.[1] !== undefined) return { name: called[1] }
  const read = /Cannot (?:read properties|set properties) of undefined \((?:reading|setting) '([^']+)'\)/.exec(message)
  if (read?.[1] !== undefined) return { next: read[1] }
  const destructured = /Cannot destructure property '[^']+' of '(?:[^']*\.)?([\w$]+)' as it is undefined/.exec(message)
  if (destructured?.[1] !== undefined) return { name: destructured[1] }
  const typed = /Property '([^']+)' does not exist on type/.exec(message)
  return typed?.[1] === undefined ? undefined : { name: typed[1] }
}

function undefinedName(name: string, { variables, bound }: Known): string | undefined {
  const elsewhere = exportElsewhere(name)
  if (elsewhere !== undefined) return elsewhere
  const near = nearest(
    name,
    [...Object.keys(variables), ...bound.keys()].filter((each) => each !== name && each.length > 2),
  )
  return near === undefined ? undefined : `There is no ${name} here. ${meantSentence(near, '', (each) => each)}`
}

function rootOf(name: string, { variables, bound }: Known, depth = 0): Root | undefined {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (value !== undefined) return { shape: shapeOf(value), path: name }
  const from = bound.get(name)
  if (from === undefined || depth > 8) return undefined
  if (from === 'session') return { shape: { kind: 'session', value: undefined }, path: name }
  const root = rootOf(from.root, { variables, bound }, depth + 1)
  const shape = root === undefined ? undefined : from.steps.reduce(taken, root.shape)
  if (shape !== undefined) return { shape, path: name }
  // Everybody calls a session so, however it was made.
  return name === 'auth0' ? { shape: { kind: 'session', value: undefined }, path: name } : undefined
}

/** What is wrong in the chain that gave a variable its value, so that it has none: `const { user } = auth0`. */
function lostIn({ text, start }: Token, known: Known): Omit<Wrong, 'next'> | undefined {
  const from = known.bound.get(text)
  if (from === undefined || from === 'session' || known.variables[text] !== undefined) return undefined
  const root = rootOf(from.root, known)
  let { shape, path } = root ?? { shape: UNKNOWN, path: '' }
  for (const step of from.steps) {
    const sentence = step === '()' ? undefined : missing(shape, [step], path, undefined)
    if (sentence !== undefined) return { name: step, at: start, sentence }
    path += step === '()' ? '(…)' : `.${step}`
    shape = taken(shape, step)
  }
  return undefined
}

const UNKNOWN: Shape = { kind: 'unknown' }
const taken = (shape: Shape, step: string): Shape => (step === '()' ? stepInto(shape) : stepTo(shape, step))

interface Root {
  readonly shape: Shape
  readonly path: string
}

function wrongIn(tokens: readonly Token[], start: number, root: Root): Wrong | undefined {
  let { shape, path } = root
  let group: Shape | undefined
  for (let at = start + 1; at < tokens.length; ) {
    const token = tokens[at]
    if (token?.text === '!') {
      at += 1
      continue
    }
    if (token?.text === '(') {
      const { depth } = token
      while (at < tokens.length && !(tokens[at]?.text === ')' && tokens[at]?.depth === depth)) at += 1
      path += '(…)'
      group = shape
      shape = stepInto(shape)
      at += 1
      continue
    }
    const name = tokens[at + 1]
    const inBrackets = token?.text === '[' && name?.kind === 'string' && tokens[at + 2]?.text === ']'
    if (name === undefined || !(inBrackets || (/^\??\.$/.test(token?.text ?? '') && name.kind === 'word')))
      return undefined
    const written = inBrackets ? name.text.slice(1, -1) : name.text
    const behind = at + (inBrackets ? 3 : 2)
    const names = [written, ...namesBehind(tokens, behind)]
    const sentence = missing(shape, names, path, group)
    if (sentence !== undefined) return { name: written, next: names[1], at: name.start, sentence }
    path += `.${written}`
    group = undefined
    shape = stepTo(shape, written)
    at = behind
  }
  return undefined
}

/** Names that follow each other by dots alone. */
function namesBehind(tokens: readonly Token[], from: number): readonly string[] {
  const names: string[] = []
  for (let at = from; tokens[at]?.text === '.' || tokens[at]?.text === '?.'; at += 2) {
    const name = tokens[at + 1]
    if (name?.kind === 'word') names.push(name.text)
  }
  return names
}

function missing(shape: Shape, written: readonly string[], path: string, group: Shape | undefined): string | undefined {
  const [name = ''] = written
  if (shape.kind === 'value') {
    // Data may have any member; only what is surely misspelt is told.
    if (memberOf(shape.value, name) !== undefined) return undefined
    const meant = nearMiss(
      name,
      memberNames(shape.value).map((each) => each.replace(/\(.*$/, '')),
    )
    return meant === undefined || meant === name
      ? undefined
      : `${path}.${name} is not there. ${meantSentence(meant, '', (each) => `${path}.${each}`)}`
  }
  if (shape.kind === 'verb') return name === 'help' ? undefined : `Call ${path} first: ${path}(…).${name}`
  const names = namesAfter(shape).map((each) => each.replace(/\(.*$/, ''))
  if (names.length === 0 || names.includes(name)) return undefined
  if (shape.kind === 'session' && shape.value !== undefined && memberOf(shape.value, name) !== undefined)
    return undefined
  if (shape.kind === 'place') {
    const above = group?.kind === 'place' ? group.place : undefined
    const right = rightPlace(shape.place, written, wordsOfCalled(shape.place.path), above)
    if (right !== undefined) return right
  }
  const elsewhere = sdkPlace(standing(shape), written)
  if (elsewhere !== undefined) return elsewhere
  const other = shape.kind === 'plan' && shape.list ? OF_ARRAYS.get(name) : undefined
  if (other !== undefined) return `${path} is a plan of a list, which has no ${name}: ${other}.`
  const near = nearest(name, names)
  if (near !== undefined) return `${path}.${name} is not there. ${meantSentence(near, '', (each) => `${path}.${each}`)}`
  const some = names.filter((each) => shape.kind !== 'session' || topGroups().includes(each)).sort()
  const search =
    shape.kind === 'session' || shape.kind === 'place'
      ? ` Search with auth0.find('${spoken(standing(shape), name)}').`
      : ''
  return `${path}.${name} is not there. There ${some.length === 1 ? 'is' : 'are'} ${some.slice(0, 12).join(', ')}${some.length > 12 ? ', …' : ''}.${search}`
}

/** What people who know arrays and promises write on a plan of a list, and what does it. */
const OF_ARRAYS: ReadonlyMap<string, string> = new Map([
  ['forEach', '.each((item) => plan) does something for each item'],
  ['filter', 'await .all().run(), and filter the array'],
  ['reduce', 'await .all().run(), and reduce the array'],
  ['find', 'await .all().run(), and find it in the array'],
  ['toArray', '.all() reads all pages'],
  ['then', '.run() sends it, and can be awaited'],
  ['catch', '.run() sends it, and can be awaited'],
  ['length', 'await .all().run() is an array, and has a length'],
  ['next', '.pages() reads page by page'],
])

/** A place and a name as words to search for: `clients`, `rotateAll` are "clients rotate all". */
function spoken(place: string, name: string): string {
  return `${place.replaceAll('.', ' ')} ${name}`
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .trim()
}

/** What was written before the name behind `auth0`, calls left out. */
function standing(shape: Shape): string {
  const path = shape.kind === 'place' ? shape.place.path : shape.kind === 'word' ? shape.path : ''
  return path.replaceAll('()', '')
}

function wordsOfCalled(path: string): readonly string[] {
  return wordsBelow(`${path}()`).map((each) => each.replace(/\(.*$/, ''))
}
