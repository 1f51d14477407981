/** A piece of text that takes the place of another. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with its edits made; of edits at one place the one that was added first comes first. */
export function applied(edits: readonly Edit[], text: string): string {
  let result = ''
  let at = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}
