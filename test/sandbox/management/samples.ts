import { generateKeyPairSync } from 'node:crypto'
import type { JsonSchema, OperationRow, SchemaLookup } from '../../../src/catalogue/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/plan/index.ts'
import type { Bench } from './harness.ts'

/** Members that name a record of a list. */
const LISTS = {
  connection_profile_id: '/api/v2/connection-profiles',
  user_attribute_profile_id: '/api/v2/user-attribute-profiles',
  feature_flag_id: '/api/v2/experimentation/feature-flags',
  segment_id: '/api/v2/experimentation/segments',
  module_id: '/api/v2/actions/modules',
}

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
    action_id: [...(b.tenant.tables.others.get('/api/v2/actions/actions')?.keys() ?? [])][0] ?? 'none',
    script: 'function (user, context, callback) {}',
    owner_id: b.organization,
    ...Object.fromEntries(
      Object.entries(LISTS).map(([field, path]) => [
        field,
        [...(b.tenant.tables.others.get(path)?.keys() ?? [])][0] ?? 'none',
      ]),
    ),
  }
}

const ACL: JsonObject = {
  description: 'Sample',
  active: true,
  priority: 7,
  rule: { action: { block: true }, match: { geo_country_codes: ['IMG'] }, scope: 'tenant' },
}

const PEM = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString()

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
    'networkAcls.create': ACL,
    'networkAcls.set': { ...ACL, description: 'Changed' },
    'networkAcls.update': { description: 'Changed again' },
    'prompts.customText.set': { login: { title: 'Changed' } },
    'prompts.partials.set': { login: { 'form-content-start': '<b>Changed</b>' } },
    'selfServiceProfiles.customText.set': { introduction: 'Changed' },
    'customDomains.setDefault': { domain: 'login.acme.example' },
    'customDomains.update': { domain_metadata: { sample: 'yes' } },
    'guardian.factors.pushNotification.setProvider': { provider: 'sns' },
    'guardian.factors.phone.setProvider': { provider: 'twilio' },
    'guardian.factors.sms.setProvider': { provider: 'twilio' },
    'branding.phone.templates.test': { to: '+15005550006', delivery_method: 'text' },
    'branding.phone.providers.test': { to: '+15005550006', delivery_method: 'text' },
    'roles.groups.create': { groups: ['grp_1111111111111111111111'] },
    'roles.groups.delete': { groups: ['grp_1111111111111111111111'] },
    'jobs.usersExports.create': { format: 'json' },
    'hooks.secrets.create': { SAMPLE: 'one' },
    'hooks.secrets.update': { SAMPLE: 'two' },
    'hooks.secrets.delete': ['SAMPLE'],
    'clients.credentials.create': { credential_type: 'public_key', name: 'sample', pem: PEM },
    'clients.credentials.update': { expires_at: '2031-01-01T00:00:00.000Z' },
    'refreshTokens.revoke': { ids: ['three'] },
    'organizations.clients.delete': { clients: [b.client] },
    'organizations.clientGrants.create': {
      grant_id:
        [...b.tenant.tables.clientGrants.values()].find((grant) => grant.organization_usage === 'allow')?.id ?? '',
    },
    'keys.encryption.import': { wrapped_key: Buffer.alloc(80).toString('base64') },
    'keys.encryption.create': { type: 'customer-provided-root-key' },
    'actions.update': { name: 'renamed', code: 'b' },
    'experimentation.experiments.advanceRamp': { target_level: 3 },
    'actions.create': {
      name: 'sample',
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
      code: 'a',
      deploy: true,
    },
    'actions.triggers.bindings.updateMany': { bindings: [{ ref: { type: 'action_name', value: 'sample' } }] },
    'eventStreams.create': {
      name: 'sample',
      subscriptions: [{ event_type: 'user.created' }],
      destination: {
        type: 'webhook',
        configuration: {
          webhook_endpoint: 'https://sample.example.com/',
          webhook_authorization: { method: 'bearer', token: 't' },
        },
      },
    },
  }
  const changes = row.method === 'PATCH' || row.method === 'PUT'
  // A change names other values than what it changes was made with.
  const vary = changes
    ? (value: Json): Json => varied(value, lookup(row.body?.schema ?? ''), lookup, size)
    : (value: Json) => value
  // A change with nothing in it changes nothing.
  const least = changes && size === 'minimal' && row.method === 'PATCH' ? 'first' : size
  return special[row.id] ?? vary(sampleFor(lookup(row.body.schema), lookup, least, own, '', 0))
}

function sampleFor(
  schema: JsonSchema,
  lookup: SchemaLookup,
  size: Size,
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
  size: Size,
  own: Readonly<Record<string, Json>>,
  depth: number,
): Json {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required.map(String) : []
  const least = typeof schema.minProperties === 'number' ? schema.minProperties : 0
  const names = size === 'full' && depth < 6 ? Object.keys(properties) : required
  const most = typeof schema.maxProperties === 'number' ? schema.maxProperties : names.length
  const wanted = size === 'first' && depth === 0 && names.length === 0 ? 1 : least
  const chosen = names.length < wanted ? Object.keys(properties).slice(0, wanted) : names.slice(0, most)
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
      'simplified/1.0',
      'aamva',
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

/** `first`: what is required, or else the first member. */
type Size = 'minimal' | 'full' | 'first'

/** The same body with other plain texts and switches where the schema leaves a choice. */
function varied(value: Json, schema: JsonSchema, lookup: SchemaLookup, size: 'minimal' | 'full'): Json {
  const target = typeof schema.$ref === 'string' ? lookup(schema.$ref.replace(/^.*\//, '')) : schema
  if (!isJsonObject(value) || !isJsonObject(target.properties)) return value
  const properties = target.properties
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const own = properties[name]
      if (!isJsonObject(own)) return [name, member]
      if (typeof member === 'boolean') return [name, Array.isArray(own.enum) || size === 'full' ? member : !member]
      const free = own.enum === undefined && own.pattern === undefined && own.format === undefined
      if (member === 'sample' && free) return [name, 'varied']
      if (Array.isArray(own.enum)) return [name, own.enum.findLast((each) => each !== null) ?? member]
      return [name, varied(member, own as JsonSchema, lookup, size)]
    }),
  )
}
