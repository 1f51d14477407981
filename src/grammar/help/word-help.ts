import { row, type SchemaLookup, type WordField, type WordRow, wordRow, wordRows } from '../../catalogue/index.ts'
import { giveHelp, type Help, help } from './help.ts'
import { verbText } from './verb-help.ts'

/** Names that a signature shows; help lists all of them below it. */
const MOST_NAMES = 9

/** Paths of all words that have help. */
export function helpedWords(): readonly string[] {
  return wordRows().map(({ path }) => path)
}

/** How the arguments of a word are written: `({ username, password, realm? })`. */
export function wordSignature({ fields, args, nullable, optional, signature }: WordRow): string {
  if (signature !== undefined) return signature
  if (fields === undefined) return `(${args.map(nameOf).join(', ')})`
  const own = fields.filter(({ in: place }) => place !== 'client')
  const first = [...own.filter(({ required }) => required), ...own.filter(({ required }) => !required)]
  const shown = first.slice(0, MOST_NAMES).map(nameOf)
  if (first.length > shown.length) shown.push('…')
  if (own.length < fields.length) shown.push('clientId?, clientSecret? | clientAssertion?')
  const object = `{ ${shown.join(', ')} }`
  return `(${object}${optional ? '?' : ''}${nullable ? ' | null' : ''})`
}

const nameOf = ({ name, required }: WordField): string => `${name}${required ? '' : '?'}`

/** The text on a word; `undefined` for a path that is none. */
export function wordText(path: string, lookup: SchemaLookup | undefined): string | undefined {
  const word = wordRow(path)
  if (word === undefined) return undefined
  const sent = word.operation === undefined ? undefined : row(word.operation)
  const lines = [`auth0.${path}${wordSignature(word)}`, `  ${word.says}`]
  if (word.leads !== undefined) lines.push(`  Goes on with ${word.leads}.`)
  if (sent !== undefined) {
    const scopes = sent.scopes.length === 0 ? '' : ` · scope ${sent.scopes.join(' or ')}`
    lines.push(`  Sends ${sent.method} ${sent.path}${scopes}`)
    if (sent.api === 'management' && lookup !== undefined) lines.push(`  auth0.help('${sent.id}') lists all fields.`)
  }
  lines.push(...fieldLines('Fields', word.fields ?? []), ...fieldLines('Arguments', word.args))
  return [...lines, '', 'Example', `  ${word.example}`, '', word.docs].join('\n')
}

function fieldLines(title: string, fields: readonly WordField[]): readonly string[] {
  if (fields.length === 0) return []
  const types = fields.map(({ type, required }) => `${type}${required ? ', required' : ''}`)
  const widths = [fields.map(({ name }) => name), types].map((column) => Math.max(...column.map((text) => text.length)))
  const lines = fields.map(
    ({ name, says }, at) => `  ${name.padEnd(widths[0] ?? 0)}  ${(types[at] ?? '').padEnd(widths[1] ?? 0)}  ${says}`,
  )
  return ['', title, ...lines]
}

/** Help on a word by its path. */
export function wordHelp(path: string): Help {
  return help((lookup) => wordText(path, lookup) ?? operationText(path, lookup) ?? `There is no help on ${path}.`)
}

function operationText(id: string, lookup: SchemaLookup): string | undefined {
  const found = row(id)
  return found === undefined ? undefined : verbText(found, lookup)
}

/** Gives the functions of a set of words their help, and the sets below it theirs. */
export function dressWords(words: object, lead: string): void {
  for (const [name, value] of Object.entries(words)) {
    const path = lead === '' ? name : `${lead}.${name}`
    if (typeof value === 'function') {
      if (wordRow(path) !== undefined) giveHelp(value, () => wordHelp(path))
    } else if (typeof value === 'object' && value !== null) {
      dressWords(value, path)
      const below = Object.keys(value).flatMap((each) => wordRow(`${path}.${each}`) ?? [])
      if (below.length > 0 && Object.isExtensible(value)) giveHelp(value, () => help(() => setText(path, below)))
    }
  }
}

function setText(path: string, words: readonly WordRow[]): string {
  const lines = words.map((word) => `  ${word.path.slice(path.length + 1)}${wordSignature(word)}`)
  return [`auth0.${path}`, ...lines, '', `auth0.${words[0]?.path}.help says more.`].join('\n')
}
