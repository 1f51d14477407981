/**
 * The candidate that a misspelt name most likely means.
 *
 * Case, dashes and underscores count for nothing, so that `perDay` finds `per_day`. Beyond that a third of the letters
 * may be wrong, swapped neighbours counting once.
 *
 * @param name What was written.
 * @param candidates The names that exist.
 * @returns The nearest candidate, or `undefined` when none is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = folded(name)
  let best: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const other = folded(candidate)
    if (Math.abs(other.length - wanted.length) >= least) continue
    const distance = editDistance(wanted, other)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/**
 * The known name that another one is surely a misspelling of: it differs in casing, dashes and underscores alone, or by
 * one insertion, deletion, replacement or swap of neighbours.
 *
 * @param name What was written; not one of the known names.
 * @param known The names that exist.
 * @returns That name, or `undefined` where the name is another one rather than a misspelt one.
 */
export function nearMiss(name: string, known: Iterable<string>): string | undefined {
  const plain = folded(name)
  const lower = name.toLowerCase()
  let near: string | undefined
  for (const candidate of known) {
    if (folded(candidate) === plain) return candidate
    if (near !== undefined || Math.abs(candidate.length - name.length) > 1) continue
    // Of names of one letter nothing is left after an edit.
    if (Math.max(candidate.length, name.length) < 2) continue
    if (editDistance(lower, candidate.toLowerCase()) === 1) near = candidate
  }
  return near
}

const folded = (text: string): string => text.replace(/[-_\s]/g, '').toLowerCase()

/** Least number of insertions, deletions, replacements and swaps of neighbours from one text to the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let line = 1; line <= from.length; line++) {
    const current = [line]
    for (let column = 1; column <= to.length; column++) {
      const same = from[line - 1] === to[column - 1]
      let cost = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      )
      if (line > 1 && column > 1 && from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] as number) + 1)
      }
      current.push(cost)
    }
    beforeLast = last
    last = current
  }
  return last[to.length] as number
}

/**
 * What follows the sentence that says a name is not there.
 *
 * @param otherwise What is said where no name is near; nothing when left out.
 * @param written How the nearest name is written; in quotes when left out.
 * @returns `Did you mean "name"?`
 */
export function didYouMean(
  name: string,
  candidates: Iterable<string>,
  otherwise = '',
  written: (near: string) => string = (near) => `"${near}"`,
): string {
  return meantSentence(nearest(name, candidates), otherwise, written)
}

/**
 * The same where the nearest name was looked for before, as for the issue of an error.
 *
 * @param near The name that was found near, if one was.
 */
export function meantSentence(
  near: string | undefined,
  otherwise = '',
  written: (near: string) => string = (name) => `"${name}"`,
): string {
  return near === undefined ? otherwise : `Did you mean ${written(near)}?`
}

/** ` (did you mean email?)` for the end of a clause; nothing where no name is near. */
export function meantClause(near: string | undefined): string {
  return near === undefined ? '' : ` (did you mean ${near}?)`
}
