import type { JsonSchema, OperationRow, SchemaLookup } from '../../catalogue/index.ts'
import { placeOf, signatureOf } from '../tree-verb.ts'
import { type Help, help } from './help.ts'
import { behindReferences, itemsOf, membersOf, typeText } from './schema-members.ts'
import { verbExample } from './verb-example.ts'

const DEEPEST = 2
const MOST_LINES = 60
const WIDEST_NAME = 44

/** Help on one verb: signature, route, scopes, fields with types and limits, an example, the documentation page. */
export function verbHelp(row: OperationRow): Help {
  return help((lookup) => verbText(row, lookup))
}

/** The text of the help on one operation, however its word is written. */
export function verbText(row: OperationRow, lookup: SchemaLookup, written = placeOf(row)): string {
  return [
    `${written}${signatureOf(row)}`,
    `  ${row.method} ${row.path}`,
    `  ${[EFFECTS[row.effect], scopesText(row), pagingText(row), lifecycleText(row)].filter((part) => part !== '').join(' · ')}`,
    ...fieldLines(row, lookup),
    ...row.notes.map((note) => `  ! ${note}`),
    '',
    'Example',
    `  ${verbExample(row, lookup)}`,
    '',
    row.docs,
  ].join('\n')
}

const EFFECTS = { read: 'reads', write: 'writes', token: 'issues or spends credentials' } as const

function scopesText({ api, scopes, allScopes }: OperationRow): string {
  // Every operation of the Management API needs a scope; where none is listed, Auth0 has not published it.
  if (scopes.length === 0) return api === 'management' ? 'scope not published' : 'needs no scope'
  return `${scopes.length === 1 ? 'scope' : 'scopes'} ${scopes.join(allScopes ? ' and ' : ' or ')}`
}

function pagingText({ paging }: OperationRow): string {
  return paging === undefined
    ? ''
    : `a list, paged by ${paging.style}${paging.most > 0 ? `, at most ${paging.most} each` : ''}`
}

function lifecycleText({ lifecycle }: OperationRow): string {
  return lifecycle === '' || lifecycle === 'GA' ? '' : lifecycle
}

function fieldLines(row: OperationRow, lookup: SchemaLookup): readonly string[] {
  const name = row.body?.schema ?? row.querySchema
  if (name === undefined) return []
  const title = row.body === undefined ? 'Query' : `Body (${row.body.encoding})`
  const fields = fieldsOf(lookup(name), lookup, '', 0)
  const shown = fields.slice(0, MOST_LINES)
  const width = Math.min(WIDEST_NAME, Math.max(...shown.map((field) => field.name.length), 0))
  const lines = shown.map(
    (field) => `  ${field.name.padEnd(width)}  ${field.type}${field.required ? ', required' : ''}`,
  )
  const rest = fields.length - shown.length
  return ['', title, ...lines, ...(rest > 0 ? [`  … and ${rest} more, see the documentation page`] : [])]
}

interface Field {
  readonly name: string
  readonly type: string
  readonly required: boolean
}

function fieldsOf(schema: JsonSchema, lookup: SchemaLookup, lead: string, depth: number): readonly Field[] {
  const list = itemsOf(schema, lookup)
  if (list !== undefined && depth === 0) return fieldsOf(list, lookup, '[].', 0)
  return membersOf(schema, lookup).flatMap((member) => {
    const items = itemsOf(member.schema, lookup)
    const inner = items === undefined ? member.schema : items
    const nested =
      depth < DEEPEST ? fieldsOf(inner, lookup, `${lead}${member.name}${items ? '[]' : ''}.`, depth + 1) : []
    const field = {
      name: lead + member.name,
      type: shortType(member.schema, lookup, nested.length > 0),
      required: member.required,
    }
    return [field, ...nested]
  })
}

/** An object whose members follow needs no more than its kind. */
function shortType(schema: JsonSchema, lookup: SchemaLookup, followed: boolean): string {
  if (!followed) return typeText(schema, lookup)
  const own = behindReferences(schema, lookup)
  return itemsOf(own, lookup) === undefined ? 'object' : 'list of objects'
}
