import type { Token } from '../tokens.ts'
import { memberOf } from './members.ts'

/** Members of a list that answer one of its entries. */
const ENTRY = new Set(['at', 'find', 'findLast', 'pop', 'shift'])
/** Members that answer a list of the same entries. */
const SAME = new Set(['filter', 'slice', 'concat', 'reverse', 'sort', 'toReversed', 'toSorted'])
/** Members that call a function with each entry. */
const EACH = new Set(['map', 'flatMap', 'forEach', 'some', 'every', 'find', 'findLast', 'filter', 'findIndex'])

/** What a call of a list's member answers, as far as it is known without the call: an entry like the others, or the list. */
export function answerOf(list: unknown, member: string): unknown {
  if (list instanceof Map) return member === 'get' ? [...list.values()][0] : undefined
  if (!Array.isArray(list)) return undefined
  if (SAME.has(member)) return list
  return ENTRY.has(member) ? memberOf(list, '0') : undefined
}

/** Where a name gets its values from: the token that the chain of a list ends with. */
export function listOfName(tokens: readonly Token[], last: number, name: string): number | undefined {
  for (let at = last - 1; at > 1; at -= 1) {
    if (tokens[at]?.text !== name) continue
    // for (const each of list)
    if (tokens[at + 1]?.text === 'of') return endOfChain(tokens, at + 2)
    // list.map((each) => …), list.map(each => …)
    const isFirst = tokens[at - 1]?.text === '('
    const arrow = tokens[at + 1]?.text === '=>' || (tokens[at + 1]?.text === ')' && tokens[at + 2]?.text === '=>')
    if (!isFirst || !arrow) continue
    const called = tokens[at + 1]?.text === '=>' ? at - 2 : at - 3
    return EACH.has(tokens[called]?.text ?? '') && tokens[called - 1]?.text === '.' ? called - 2 : undefined
  }
  return undefined
}

/** The last token of a chain of names and brackets. */
function endOfChain(tokens: readonly Token[], start: number): number {
  const depth = tokens[start]?.depth ?? 0
  let at = start
  while (at + 1 < tokens.length && (tokens[at + 1]?.depth ?? 0) >= depth && tokens[at + 1]?.text !== '{') at += 1
  return tokens[at]?.text === ')' && tokens[at]?.depth === depth - 1 ? at - 1 : at
}
