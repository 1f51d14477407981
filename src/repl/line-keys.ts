import type { Interface, Key } from 'node:readline'

/** What Node's own console overrides as well: each key before readline acts on it, and drawing the line anew. */
interface Editor extends Interface {
  line: string
  cursor: number
  readonly history: string[]
  _ttyWrite(text: string | undefined, key: Key): void
  _refreshLine(): void
}

/** Has the terminal mark what is pasted. */
const MARK_PASTES = '\x1b[?2004h'
const UNMARK_PASTES = '\x1b[?2004l'

/** How a search through the history stands. */
interface Search {
  readonly query: string
  /** Place in the history; -1 before the first match. */
  readonly at: number
  /** What was typed before the search began. */
  readonly before: string
}

/**
 * What a console's line takes beyond readline's own keys: Ctrl-R searches the history backwards, and what is pasted is put
 * in as it is, in one piece, and runs when Enter is pressed.
 *
 * @param prompt the prompt to go back to after a search.
 * @returns A function that ends it.
 */
export function addLineKeys(reader: Interface, output: NodeJS.WritableStream, prompt: () => string): () => void {
  const editor = reader as Editor
  const own = editor._ttyWrite.bind(editor)
  let search: Search | undefined
  let pasted: string | undefined

  const draw = (found: Search): void => {
    search = found
    const match = editor.history[found.at] ?? ''
    const failed = found.query !== '' && match === '' ? 'failed ' : ''
    editor.setPrompt(`(${failed}reverse-i-search)'${found.query}': `)
    place(editor, match, Math.max(0, match.indexOf(found.query)))
  }
  const leave = (line: string, cursor = line.length): void => {
    search = undefined
    editor.setPrompt(prompt())
    place(editor, line, cursor)
  }

  editor._ttyWrite = (text, key) => {
    if (key.name === 'paste-start') {
      pasted = ''
      return
    }
    if (pasted !== undefined) {
      if (key.name === 'paste-end') {
        const whole = pasted
        pasted = undefined
        if (search !== undefined) leave(editor.line)
        insert(editor, whole)
      } else pasted += text ?? (key.name === 'return' || key.name === 'enter' ? '\n' : (key.sequence ?? ''))
      return
    }
    if (key.ctrl === true && key.name === 'r') {
      const from = search ?? { query: '', at: -1, before: editor.line }
      return draw({ ...from, at: older(editor.history, from.query, from.at + 1) ?? from.at })
    }
    if (search === undefined) return own(text, key)
    const { query, at, before } = search
    if (key.ctrl === true && key.name === 's') {
      return draw({ ...search, at: newer(editor.history, query, at - 1) ?? at })
    }
    if (key.name === 'escape' || (key.ctrl === true && (key.name === 'g' || key.name === 'c'))) return leave(before)
    const shorter = key.name === 'backspace' ? query.slice(0, -1) : undefined
    const longer = isPrinted(text, key) ? query + (text ?? '') : undefined
    const next = shorter ?? longer
    if (next !== undefined) {
      const found = next === '' ? -1 : older(editor.history, next, longer === undefined ? 0 : Math.max(at, 0))
      return draw({ query: next, at: found ?? editor.history.length, before })
    }
    // Any other key takes the match, and does what it does.
    const match = at < 0 ? before : (editor.history[at] ?? before)
    leave(match)
    return own(text, key)
  }
  output.write(MARK_PASTES)
  return () => {
    editor._ttyWrite = own
    output.write(UNMARK_PASTES)
  }
}

function isPrinted(text: string | undefined, key: Key): boolean {
  return text !== undefined && key.ctrl !== true && key.meta !== true && /^[^\p{Cc}]+$/u.test(text)
}

function older(history: readonly string[], query: string, from: number): number | undefined {
  if (query === '') return undefined
  for (let at = Math.max(0, from); at < history.length; at += 1) if (history[at]?.includes(query) === true) return at
  return undefined
}

function newer(history: readonly string[], query: string, from: number): number | undefined {
  for (let at = from; at >= 0; at -= 1) if (history[at]?.includes(query) === true) return at
  return undefined
}

function place(editor: Editor, line: string, cursor: number): void {
  editor.line = line
  editor.cursor = cursor
  editor._refreshLine()
}

/** Puts a text in at the cursor; what could act on the terminal is left out. */
function insert(editor: Editor, text: string): void {
  const clean = text
    .replace(/\r\n?/g, '\n')
    .replace(/\t/g, '  ')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/\n+$/, '')
  const { line, cursor } = editor
  place(editor, line.slice(0, cursor) + clean + line.slice(cursor), cursor + clean.length)
}
