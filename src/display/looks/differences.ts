import { type Change, canonicalJson, diffValues, isJsonObject, type Json } from '../../plan/index.ts'
import type { Difference } from '../card.ts'
import { asCode } from '../summary.ts'

const SIGNS: Readonly<Record<Change['kind'], Difference['sign']>> = { added: '+', removed: '-', changed: '~' }
const LONG = 200
const CONTEXT = 2
const MOST_LINES = 2000
const MOST_PAIRS = 400_000

/**
 * What a change is where it is shown: whole values; a list element by element, a long text line by line.
 *
 * @param written how a value stands on one line.
 */
export function differencesOf(change: Change, written: (value: Json) => string = oneLine): readonly Difference[] {
  const { before, after, kind } = change
  const name = change.path === '' ? '(all)' : change.path
  if (Array.isArray(before) && Array.isArray(after)) return elements(name, before, after, written)
  if (typeof before === 'string' && typeof after === 'string' && (isLong(before) || isLong(after))) {
    return [{ sign: '~', name, lines: lineDifference(before, after) }]
  }
  return [
    {
      sign: SIGNS[kind],
      name,
      ...(before === undefined ? {} : { before: written(before) }),
      ...(after === undefined ? {} : { after: written(after) }),
    },
  ]
}

function isLong(text: string): boolean {
  return text.includes('\n') || text.length > LONG
}

/** Elements that a list has lost and got; equal ones are counted, so that a second copy is one more. */
function elements(
  name: string,
  before: readonly Json[],
  after: readonly Json[],
  written: (value: Json) => string,
): readonly Difference[] {
  const removed = without(before, after)
  const added = without(after, before)
  if (added.length + removed.length === 0) {
    return [{ sign: '~', name: `${name} (order)`, before: written(before as Json), after: written(after as Json) }]
  }
  const pairs = removed.flatMap((each) => pairOf(each, removed, added) ?? [])
  const isPaired = (value: Json): boolean => pairs.some((pair) => pair.before === value || pair.after === value)
  return [
    ...pairs.flatMap(({ member, ...pair }) =>
      diffValues(pair.before, pair.after, `${name}[${member}]`).flatMap((change) => differencesOf(change, written)),
    ),
    ...removed
      .filter((each) => !isPaired(each))
      .map((each): Difference => ({ sign: '-', name: `${name}[]`, before: written(each) })),
    ...added
      .filter((each) => !isPaired(each))
      .map((each): Difference => ({ sign: '+', name: `${name}[]`, after: written(each) })),
  ]
}

/** Members that tell which record an element is, the surest first. */
const IDENTITY = /^(id|\w+_id|kid)$|^(name|key|email|domain|value)$/

interface Pair {
  readonly member: string
  readonly before: Json
  readonly after: Json
}

/** The element of the other list that is the same record, where one member tells that surely. */
function pairOf(before: Json, removed: readonly Json[], added: readonly Json[]): Pair | undefined {
  if (!isJsonObject(before)) return undefined
  const members = Object.keys(before).filter((key) => IDENTITY.test(key) && typeof before[key] === 'string')
  const sure = members.toSorted((one, other) => Number(/id$/.test(other)) - Number(/id$/.test(one)))
  for (const member of sure) {
    const isSame = (each: Json): boolean => isJsonObject(each) && each[member] === before[member]
    const [after, second] = added.filter(isSame)
    if (after !== undefined && second === undefined && removed.filter(isSame).length === 1)
      return { member: `${member}=${String(before[member])}`, before, after }
  }
  return undefined
}

function without(list: readonly Json[], taken: readonly Json[]): readonly Json[] {
  const counts = new Map<string, number>()
  for (const each of taken) counts.set(canonicalJson(each), (counts.get(canonicalJson(each)) ?? 0) + 1)
  return list.filter((each) => {
    const key = canonicalJson(each)
    const left = counts.get(key) ?? 0
    counts.set(key, left - 1)
    return left <= 0
  })
}

/** The lines that differ, each with its sign, and a few around them. */
function lineDifference(before: string, after: string): readonly string[] {
  const edits = editsOf(before.split('\n').slice(0, MOST_LINES), after.split('\n').slice(0, MOST_LINES))
  const near = edits.map((_, at) =>
    edits.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  )
  const lines: string[] = []
  for (const [at, { sign, line }] of edits.entries()) {
    if (near[at] === true) lines.push(`${sign} ${line}`)
    else if (at === 0 || near[at - 1] === true) lines.push('  …')
  }
  return lines
}

interface Edit {
  readonly sign: '+' | '-' | ' '
  readonly line: string
}

/** What is equal at both ends, and a longest common subsequence between them. */
function editsOf(old: readonly string[], fresh: readonly string[]): readonly Edit[] {
  let head = 0
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1
  let tail = 0
  const most = Math.min(old.length, fresh.length) - head
  while (tail < most && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1
  const same = (line: string): Edit => ({ sign: ' ', line })
  return [
    ...old.slice(0, head).map(same),
    ...middle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...old.slice(old.length - tail).map(same),
  ]
}

function middle(old: readonly string[], fresh: readonly string[]): readonly Edit[] {
  const gone = (line: string): Edit => ({ sign: '-', line })
  const come = (line: string): Edit => ({ sign: '+', line })
  // Texts that have little in common are not worth the search.
  if (old.length * fresh.length > MOST_PAIRS) return [...old.map(gone), ...fresh.map(come)]
  const wide = fresh.length + 1
  const lengths = new Uint16Array((old.length + 1) * wide)
  const at = (row: number, column: number): number => lengths[row * wide + column] as number
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = fresh.length - 1; column >= 0; column -= 1) {
      lengths[row * wide + column] =
        old[row] === fresh[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const edits: Edit[] = []
  let row = 0
  let column = 0
  while (row < old.length || column < fresh.length) {
    if (row < old.length && column < fresh.length && old[row] === fresh[column]) {
      edits.push({ sign: ' ', line: old[row] as string })
      row += 1
      column += 1
    } else if (column >= fresh.length || (row < old.length && at(row + 1, column) >= at(row, column + 1))) {
      edits.push(gone(old[row] as string))
      row += 1
    } else {
      edits.push(come(fresh[column] as string))
      column += 1
    }
  }
  return edits
}

function oneLine(value: Json): string {
  return asCode(value).replaceAll(/\n\s*/g, ' ')
}
