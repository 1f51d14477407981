import type { OperationRow, SchemaLookup } from '../../catalogue/index.ts'
import type { Json } from '../../plan/index.ts'
import { asSource, exampleOf } from './example.ts'
import { membersOf } from './schema-members.ts'

/** Where the least that a schema takes would do harm, as an access list that locks its own maker out, or says little. */
const SAFE: Readonly<Record<string, string>> = {
  'networkAcls.create': harmlessAcl(),
  'networkAcls.set': harmlessAcl(),
  'networkAcls.update': '{ active: false }',
  'jobs.usersImports.create': "{ users: [{ email: 'user@example.com' }], connection_id: 'con_0000000000000001' }",
}

function harmlessAcl(): string {
  const rule = "{ action: { block: true }, match: { geo_country_codes: ['AQ'] }, scope: 'authentication' }"
  return `{ description: 'Nobody from Antarctica', active: false, priority: 10, rule: ${rule} }`
}

/** A line that says the operation, with the least that it needs: what help and hovers show. */
export function verbExample(row: OperationRow, lookup: SchemaLookup): string {
  const groups = row.group.map((segment, index) => {
    const names = row.parameters.filter((place) => place.segment === index).map((place) => place.name)
    return names.length === 0 ? segment : `${segment}(${names.map((name) => `'${name}'`).join(', ')})`
  })
  const own = row.parameters.filter((place) => place.segment === -1).map((place) => `'${place.name}'`)
  const args = [...own, ...argumentText(row, lookup)]
  return `auth0.${[...groups, row.verb].join('.')}(${args.join(', ')}).run()`
}

function argumentText(row: OperationRow, lookup: SchemaLookup): readonly string[] {
  if (row.body === undefined) return queryText(row, lookup)
  const safe = SAFE[row.id]
  if (safe !== undefined) return [safe]
  return [asSource(exampleOf(lookup(row.body.schema), lookup))]
}

/** The parameters that must be there, and of a list how many records a page shall have. */
function queryText(row: OperationRow, lookup: SchemaLookup): readonly string[] {
  if (row.querySchema === undefined) return []
  const parameters = membersOf(lookup(row.querySchema), lookup)
  const needed = parameters
    .filter(({ required }) => required)
    .map(({ name, schema }): [string, Json] => [name, exampleOf(schema, lookup, name)])
  const size = row.paging && row.query.find((name) => name === 'per_page' || name === 'take')
  const asked: [string, Json][] = size === undefined ? [] : [[size, Math.min(10, row.paging?.most || 10)]]
  const query = Object.fromEntries([...needed, ...asked])
  return Object.keys(query).length === 0 ? [] : [asSource(query)]
}
