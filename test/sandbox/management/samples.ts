import type { JsonSchema, OperationRow, SchemaLookup } from '../../../src/catalogue/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/plan/index.ts'
import type { Bench } from './harness.ts'

/** Values that an operation takes only when they name something of the tenant. */
function named(b: Bench): Readonly<Record<string, Json>> {
  return {
    client_id: b.client,
    connection_id: b.connection,
    organization_id: b.organization,
    user_id: b.user,
    connection: 'Username-Password-Authentication',
    audience: 'https://items.example.com/',
    password: 'Sample-Pass-1234',
    email: 'sample@example.com',
    email_verified: true,
    resource_server_identifier: 'https://items.example.com/',
    permission_name: 'read:items',
    roles: b.lab.seed.roles.map((role) => role.id),
    members: [b.user],
    users: [b.user],
    scope: ['read:items'],
    enabled_clients: [b.client],
    script: 'function (user, context, callback) {}',
  }
}

/** A body that fits the schema of an operation: what is required, or every member. */
export function sampleOf(b: Bench, row: OperationRow, lookup: SchemaLookup, size: 'minimal' | 'full'): Json {
  if (row.body === undefined) return {}
  const own = named(b)
  const special: Readonly<Record<string, Json>> = {
    'users.create': {
      connection: own['connection'] ?? '',
      email: 'sample@example.com',
      password: own['password'] ?? '',
    },
    'users.update': { name: 'Sample' },
    'organizations.create': { name: 'sample', display_name: 'Sample' },
  }
  return special[row.id] ?? sampleFor(lookup(row.body.schema), lookup, size, own, '', 0)
}

function sampleFor(
  schema: JsonSchema,
  lookup: SchemaLookup,
  size: 'minimal' | 'full',
  own: Readonly<Record<string, Json>>,
  name: string,
  depth: number,
): Json {
  const again = (other: JsonSchema, key = name) => sampleFor(other, lookup, size, own, key, depth + 1)
  if (typeof schema.$ref === 'string') return again(lookup(schema.$ref.replace(/^.*\//, '')))
  if (own[name] !== undefined && !isJsonObject(own[name])) {
    const list = Array.isArray(own[name])
    const types = [schema.type].flat()
    if (
      list
        ? types.includes('array') && !isObjectList(schema, lookup)
        : types.includes('string') || types.includes('boolean')
    )
      return own[name]
  }
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum.find((each) => each !== null) ?? null
  const choice = (schema.oneOf ?? schema.anyOf) as readonly JsonSchema[] | undefined
  if (choice?.[0] !== undefined) {
    const picked = again(choice.find((each) => each.type !== 'null') ?? choice[0])
    if (!isJsonObject(picked)) return picked
    return { ...(membersOf(schema, lookup, size, own, depth) as JsonObject), ...picked }
  }
  if (Array.isArray(schema.allOf))
    return Object.assign(
      {},
      ...(schema.allOf as readonly JsonSchema[]).map((each) => again(each)),
      membersOf(schema, lookup, size, own, depth),
    )
  const type = [schema.type].flat().find((each) => each !== 'null')
  if (type === 'array') {
    const least = typeof schema.minItems === 'number' ? schema.minItems : 0
    const items = isJsonObject(schema.items) ? (schema.items as JsonSchema) : {}
    return size === 'minimal' && least === 0 ? [] : Array.from({ length: Math.max(1, least) }, () => again(items))
  }
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number')
    return typeof schema.minimum === 'number' ? Math.max(schema.minimum, 1) : 1
  if (type === 'string') return textOf(schema, name)
  return membersOf(schema, lookup, size, own, depth)
}

function isObjectList(schema: JsonSchema, lookup: SchemaLookup): boolean {
  const items = isJsonObject(schema.items) ? (schema.items as JsonSchema) : {}
  const target = typeof items.$ref === 'string' ? lookup(items.$ref.replace(/^.*\//, '')) : items
  return target.type === 'object' || target.properties !== undefined
}

function membersOf(
  schema: JsonSchema,
  lookup: SchemaLookup,
  size: 'minimal' | 'full',
  own: Readonly<Record<string, Json>>,
  depth: number,
): Json {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required.map(String) : []
  const least = typeof schema.minProperties === 'number' ? schema.minProperties : 0
  const names = size === 'full' && depth < 6 ? Object.keys(properties) : required
  const most = typeof schema.maxProperties === 'number' ? schema.maxProperties : names.length
  const chosen = names.length < least ? Object.keys(properties).slice(0, least) : names.slice(0, most)
  const free = isJsonObject(schema.additionalProperties) ? (schema.additionalProperties as JsonSchema) : undefined
  if (chosen.length < least && free !== undefined)
    return { sample: sampleFor(free, lookup, size, own, 'sample', depth + 1) }
  return Object.fromEntries(
    chosen.map((key) => [key, sampleFor(properties[key] as JsonSchema, lookup, size, own, key, depth + 1)]),
  )
}

function textOf({ format, maxLength, minLength, pattern }: JsonSchema, name: string): string {
  if (format === 'email') return 'sample@example.com'
  if (format === 'date-time') return '2030-01-01T00:00:00Z'
  if (format === 'date') return '2030-01-01'
  if (typeof format === 'string' && /uri|url/.test(format)) return 'https://sample.example.com/'
  if (format === 'html-color') return '#112233'
  if (format === 'ipv4') return '192.0.2.1'
  if (typeof pattern === 'string') {
    const known = [
      'https://sample.example.com/a.png',
      '#112233',
      'con-{org_id}',
      'sample',
      '+15005550006',
      'sample.example.com',
      'urn:sample:type',
      '1.0.0',
      'us-east-1',
      'DE',
      `${'A'.repeat(86)}==`,
    ]
    const fit = known.find((text) => new RegExp(pattern).test(text))
    if (fit !== undefined) return fit
  }
  if (/_ur[il]$|^url$|endpoint/i.test(name)) return 'https://sample.example.com/'
  if (/color|^primary$|background$/i.test(name)) return '#112233'
  const text = 'sample'.padEnd(typeof minLength === 'number' ? minLength : 0, 'x')
  return typeof maxLength === 'number' ? text.slice(0, maxLength) : text
}
