import { basename } from 'node:path'
import { nodesOf, type Reader } from '../../code/index.ts'
import type { Book, Note } from './book.ts'
import type { Imports } from './imports.ts'
import { KEPT_END } from './render.ts'

/** What the text of a runbook is made of. */
export interface Pieces {
  /** Cells in order, as statements and comments. */
  readonly parts: readonly string[]
  readonly file: string
  readonly read: Reader
  readonly book: Book
  readonly imports: Imports
}

/** The file of a runbook. */
export function runbookText({ parts, file, read, book, imports }: Pieces): string {
  const written = parts.join('\n')
  const code = book.withOptions(parts.filter((part) => part !== '').join('\n\n'))
  const body = [...(book.helpers.has('unique') ? ['const unique = numbering()'] : []), code].join('\n\n')
  const context = ['auth0', 'params', 'step', 'tenant', 'say'].filter((name) => book.context.has(name))
  for (const name of book.library) imports.add('tenantlab/runbook', name)
  if (book.helpers.size > 0) imports.add('tenantlab/runbook', 'type StepRequest')
  if (book.usesFormat) imports.add('node:util', 'format')
  if (book.params.size > 0) imports.add('zod', 'z')
  const members = [...book.params].map(([name, schema]) => `    ${name}: ${schema},`)
  const rest = [
    ...head(file, book, written),
    'export default defineRunbook({',
    `  name: '${nameOf(file)}',`,
    ...(members.length === 0 ? [] : ['  params: z.object({', ...members, '  }),']),
    `  async *steps({ ${context.join(', ')} }) {`,
    indented(body),
    '  },',
    '})',
    ...(book.helpers.has('unique') ? ['', NUMBERING] : []),
    ...(book.helpers.has('inTurn') ? ['', IN_TURN] : []),
    '',
  ].join('\n')
  const used = new Set(
    read(rest).flatMap((node) => [...nodesOf(node)].flatMap(({ name }) => (typeof name === 'string' ? [name] : []))),
  )
  return [...imports.lines(used), '', rest].join('\n').replaceAll(KEPT_END, '\n')
}

/** Journals are named after a runbook. */
function nameOf(file: string): string {
  return basename(file)
    .replace(/\.ipynb$/, '')
    .replace(/[^\w.-]+/g, '-')
}

function head(file: string, { notes, remarks, steps }: Book, written: string): readonly string[] {
  const bare = steps.filter(({ mark, writes, undo }) => writes && undo.length === 0 && written.includes(mark)).length
  return [
    `// Made of ${basename(file)}. Where a step creates something, give it a doneWhen.`,
    ...(bare === 0
      ? []
      : [`// ${bare} of its writes ${bare === 1 ? 'has' : 'have'} no undo; give them one where they can be undone.`]),
    ...remarks.map((remark) => `// ${remark}`),
    ...(notes.length === 0 ? [] : ['//', '// Left out, and kept as comments where it stood:', ...grouped(notes)]),
  ]
}

function grouped(notes: readonly Note[]): readonly string[] {
  return notes.flatMap(({ cell, line, text, with: more }) => {
    const places = more.map((each) => `cell ${each.cell}, line ${each.line}`)
    return [
      `// - cell ${cell}, line ${line}: ${text}`,
      ...(places.length === 0 ? [] : [`//   With it: ${places.join('; ')}.`]),
    ]
  })
}

function indented(code: string): string {
  return code
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `    ${line}`))
    .join('\n')
    .replace(/\{\n\n(?=\s*\S)/g, '{\n')
}

const NUMBERING = `/** A journal knows a step by its id: an id that comes again gets a number. */
function numbering(): (text: string) => string {
  const counts = new Map<string, number>()
  return (text) => {
    // A check has a placeholder, in braces, for what it does not make.
    const id = text.replaceAll(/\\{\\{[^{}]*\\}\\}/g, 'new')
    const count = (counts.get(id) ?? 0) + 1
    counts.set(id, count)
    return count === 1 ? id : \`\${id} #\${count}\`
  }
}`

const IN_TURN = `/** Does the work for one item after the other: the steps of a runbook have an order. */
async function* inTurn<T, R>(
  items: Iterable<T>,
  work: (item: T, index: number) => AsyncGenerator<StepRequest, R, unknown>,
): AsyncGenerator<StepRequest, R[], unknown> {
  const results: R[] = []
  for (const item of items) results.push(yield* work(item, results.length))
  return results
}`
