import type { JsonSchema, SchemaLookup } from '../../catalogue/index.ts'
import type { Json } from '../../plan/index.ts'
import { isJsonObject } from '../../plan/index.ts'
import { behindReferences, choicesOf, itemsOf, membersOf } from './schema-members.ts'

const DEEPEST = 7

/** Texts that show what a format wants. */
const FORMATS: Readonly<Record<string, string>> = {
  uri: 'https://example.com',
  'uri-reference': 'https://example.com',
  'absolute-uri-or-empty': 'https://example.com',
  'absolute-https-uri-or-empty': 'https://example.com',
  url: 'https://example.com',
  email: 'user@example.com',
  'date-time': '2030-01-01T00:00:00.000Z',
  date: '2030-01-01',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
}

/** A value that a schema would take: required members only, or its first where none is required. */
export function exampleOf(schema: JsonSchema, lookup: SchemaLookup, name = 'value', depth = 0): Json {
  const own = behindReferences(schema, lookup)
  const [choice] = choicesOf(own, lookup)
  if (choice !== undefined) return choice
  const type = Array.isArray(own.type) ? own.type[0] : own.type
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return numberFor(own)
  if (type === 'string') return textFor(own, name)
  const items = itemsOf(own, lookup)
  if (type === 'array' || (type === undefined && items !== undefined)) {
    return items === undefined || depth >= DEEPEST ? [] : [exampleOf(items, lookup, name, depth + 1)]
  }
  const alternative = [own.oneOf, own.anyOf].find((parts) => Array.isArray(parts) && parts.length > 0)
  // A body is an object, also where the server would take a text as well.
  const isBody = (part: unknown) =>
    depth > 0 || (isJsonObject(part as Json) && behindReferences(part as JsonSchema, lookup).type !== 'string')
  const first = Array.isArray(alternative) ? alternative.find(isBody) : undefined
  if (isJsonObject(first) && own.properties === undefined) return exampleOf(first, lookup, name, depth + 1)
  return depth >= DEEPEST ? {} : objectFor(own, lookup, depth)
}

function objectFor(schema: JsonSchema, lookup: SchemaLookup, depth: number): Json {
  const members = membersOf(schema, lookup)
  const required = members.filter((member) => member.required)
  const shown = required.length > 0 ? required : members.slice(0, 1)
  return Object.fromEntries(
    shown.map((member) => [member.name, exampleOf(member.schema, lookup, member.name, depth + 1)]),
  )
}

function numberFor({ minimum, maximum }: JsonSchema): number {
  if (typeof minimum === 'number') return Math.max(minimum, 1)
  return typeof maximum === 'number' ? Math.min(maximum, 1) : 1
}

function textFor(schema: JsonSchema, name: string): string {
  const { format, minLength, maxLength } = schema
  const known = typeof format === 'string' ? FORMATS[format] : undefined
  const text = known ?? name.replaceAll('_', ' ')
  const long = typeof minLength === 'number' ? text.padEnd(minLength, '.') : text
  return typeof maxLength === 'number' ? long.slice(0, maxLength) : long
}

/** JSON as JavaScript is written by hand: bare names, single quotes. */
export function asSource(value: Json): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`
  if (Array.isArray(value)) return `[${value.map(asSource).join(', ')}]`
  if (!isJsonObject(value)) return String(value)
  const members = Object.entries(value).map(([name, member]) => {
    const written = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`
    return `${written}: ${asSource(member ?? null)}`
  })
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
