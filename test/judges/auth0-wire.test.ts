import { ManagementClient } from 'auth0'
import { describe, expect, it } from 'vitest'
import { type OperationRow, row, schemaOf } from '../../src/catalogue/index.ts'
import { exampleOf } from '../../src/grammar/help/example.ts'
import { membersOf } from '../../src/grammar/index.ts'
import { type BasePlan, isJsonObject, type Json } from '../../src/plan/index.ts'
import { connect } from '../../src/session/index.ts'
import { methodsOf } from './sdk-methods.ts'

// Every method of Auth0's own SDK and the word of the grammar for it, with the same arguments: one method, path, query,
// body and content type. Identifiers hold what must be encoded.

/** What differs on purpose, and why. At most 12. */
const INTENDED: Readonly<Record<string, string>> = {
  'customDomains.list': 'A list of ours asks for the size of its pages; the SDK has no parameters for pages here.',
}

const IMPORT = 'jobs.usersImports.create'

/** Bodies whose rules go beyond what an example of their schema keeps. */
const BODIES: Readonly<Record<string, Json>> = {
  'eventStreams.redeliveries.create': { date_from: '2030-01-01T00:00:00Z' },
  'eventStreams.create': {
    destination: {
      type: 'webhook',
      configuration: {
        webhook_endpoint: 'https://hooks.example.com',
        webhook_authorization: { method: 'bearer', token: 'canary-hook' },
      },
    },
  },
  'userAttributeProfiles.create': {
    name: 'n',
    user_attributes: { a: { description: 'a', label: 'a', profile_required: false, auth0_mapping: 'a' } },
  },
  'verifiableCredentials.verification.templates.create': {
    name: 'n',
    type: 'mdl',
    dialect: 'simplified/1.0',
    presentation: { 'org.iso.18013.5.1.mDL': { 'org.iso.18013.5.1': { family_name: true } } },
    well_known_trusted_issuers: 'aamva',
  },
  'hooks.secrets.create': { KEY: 'canary-value' },
  'hooks.secrets.update': { KEY: 'canary-value' },
  'jobs.usersExports.create': { connection_id: 'con_0123456789abcdef' },
  'logStreams.create': { type: 'http', sink: { httpEndpoint: 'https://logs.example.com' } },
  'roles.groups.create': { groups: ['grp_123456789abcdefgh'] },
  'roles.groups.delete': { groups: ['grp_123456789abcdefgh'] },
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly query: readonly string[]
  readonly type: string
  readonly body: unknown
}

const DOMAIN = 'tenant.example.com'
const REFUSAL = { statusCode: 400, error: 'Bad Request', message: 'recorded', errorCode: 'recorded' }

function sentBy(method: string, url: string, type: string, body: string): Sent {
  const { pathname, searchParams } = new URL(url)
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1]
  const kind = type.split(';')[0] ?? ''
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).sort()
  return { method, path: pathname, query, type: body === '' ? '' : kind, body: parsed(body, boundary) }
}

function parsed(body: string, boundary: string | undefined): unknown {
  if (body === '') return undefined
  if (boundary !== undefined) {
    const parts = body.split(`--${boundary}`).flatMap((part) => {
      const [head = '', ...text] = part.split('\r\n\r\n')
      const name = /name="([^"]+)"/.exec(head)?.[1]
      return name === undefined ? [] : [[name, text.join('\r\n\r\n').trim()] as const]
    })
    return Object.fromEntries(parts)
  }
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** Path parameters, and one object with everything that its schema names at the top. */
function argumentsOf(found: OperationRow): { params: readonly string[]; given: Json | undefined } {
  const params = found.parameters.map(({ name }) => (name === 'name' ? 'a name' : `${name}|1/2 é`))
  const body = BODIES[found.id]
  if (body !== undefined) return { params, given: body }
  if (found.body !== undefined) return { params, given: valid(exampleOf(schemaOf(found.body.schema), schemaOf)) }
  if (found.querySchema === undefined) return { params, given: undefined }
  const members = membersOf(schemaOf(found.querySchema), schemaOf)
  const query = members.map(({ name, schema }) => [name, exampleOf(schema, schemaOf, name)])
  return { params, given: Object.fromEntries(query) as Json }
}

const theirs: Sent[] = []
const client = new ManagementClient({
  domain: DOMAIN,
  token: 'canary-token',
  maxRetries: 0,
  fetch: async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, { ...init, duplex: 'half' } as RequestInit)
    theirs.push(sentBy(request.method, request.url, request.headers.get('content-type') ?? '', await request.text()))
    return new Response(JSON.stringify(REFUSAL), { status: 400, headers: { 'content-type': 'application/json' } })
  },
})

const ours: Sent[] = []
const auth0 = connect({
  domain: DOMAIN,
  token: 'canary-token',
  transport: ({ method, url, headers, body = '' }) => {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
    ours.push(sentBy(method, url, headers['content-type'] ?? '', text))
    return { status: 400, headers: { 'content-type': 'application/json' }, body: JSON.stringify(REFUSAL) }
  },
})

/** Colours and addresses as their rules want them. */
function valid(body: Json, name = ''): Json {
  if (Array.isArray(body)) return body.map((each) => valid(each, name))
  if (isJsonObject(body))
    return Object.fromEntries(Object.entries(body).map(([key, each]) => [key, valid(each, `${name}.${key}`)]))
  if (typeof body !== 'string') return body
  if (/\.colors\.|background_color$/.test(name) && !/^#|dark|light/.test(body)) return '#ffffff'
  return /(font|logo|image)_url$/.test(name) ? 'https://cdn.example.com/file' : body
}

/** The parameters that the SDK has as well: what its types lack, it leaves out. */
function knownTo(their: Sent | undefined, given: Json | undefined): Json | undefined {
  const names = new Set(their?.query.map((pair) => pair.slice(0, pair.indexOf('='))))
  if (given === undefined || typeof given !== 'object' || given === null || names.size === 0) return undefined
  return Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)))
}

type Called = (...values: readonly unknown[]) => unknown

async function throughSdk(id: string, values: readonly unknown[]): Promise<Sent | undefined> {
  theirs.length = 0
  const names = id.split('.')
  const last = names.pop() as string
  const node = names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], client)
  try {
    const answer = await ((node as Record<string, Called>)[last] as Called).apply(node, [...values])
    // A stream begins when it is asked for.
    if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer)
      for await (const _ of answer as AsyncIterable<unknown>) break
  } catch {
    // The recorder refuses everything.
  }
  return theirs[0]
}

async function throughGrammar(found: OperationRow, params: readonly string[], given: unknown): Promise<Sent | string> {
  ours.length = 0
  let node: unknown = auth0
  for (const [index, segment] of found.group.entries()) {
    node = (node as Record<string, unknown>)[segment]
    const values = params.filter((_, at) => found.parameters[at]?.segment === index)
    if (values.length > 0) node = (node as Called)(...values)
  }
  const own = params.filter((_, at) => found.parameters[at]?.segment === -1)
  const verb = (node as Record<string, Called>)[found.verb] as Called
  const plan = verb.apply(node, given === undefined ? own : [...own, given]) as BasePlan<unknown>
  const outcome = await plan.run().outcome()
  return ours[0] ?? (outcome.status === 'error' ? outcome.error.message : 'sent nothing')
}

describe("Auth0's SDK and the grammar send the same", () => {
  const methods = methodsOf(client).filter((id) => id !== 'fetch')

  it('has a word for every method of the SDK', () => {
    expect(methods.filter((id) => row(id) === undefined)).toEqual([])
    expect(methods.length).toBe(457)
    expect(Object.keys(INTENDED).length).toBeLessThanOrEqual(12)
  })

  it('sends an import alike, whose records are a file there and an array here', async () => {
    const found = row(IMPORT) as OperationRow
    const users = [{ email: 'zoë@example.com', email_verified: true }, { email: 'b@example.com' }]
    const settings = {
      connection_id: 'con_0123456789abcdef',
      upsert: true,
      external_id: 'é 1',
      send_completion_email: false,
    }
    const records = (sent: Sent | string | undefined): unknown => {
      const parts = typeof sent === 'object' ? (sent.body as Record<string, string>) : {}
      return { ...(sent as Sent), body: { ...parts, users: JSON.parse(parts['users'] ?? 'null') } }
    }
    const file = new File([JSON.stringify(users)], 'users.json', { type: 'application/json' })
    const their = await throughSdk(found.id, [{ users: file, ...settings }])
    const our = await throughGrammar(found, [], { users, ...settings })
    expect(records(our)).toEqual(records(their))
    expect(records(their)).toMatchObject({ type: 'multipart/form-data', body: { users, external_id: 'é 1' } })
  })

  it('with the same arguments: method, path, query, body and content type', { timeout: 120_000 }, async () => {
    const differences: Record<string, unknown> = {}
    // An import is compared above: its arguments are of two kinds.
    for (const id of methods.filter((each) => each !== IMPORT)) {
      const found = row(id) as OperationRow
      const { params, given } = argumentsOf(found)
      const their = await throughSdk(id, given === undefined ? params : [...params, given])
      const our = await throughGrammar(found, params, found.body === undefined ? knownTo(their, given) : given)
      if (JSON.stringify(their) !== JSON.stringify(our)) differences[id] = { their, our }
    }
    const unexpected = Object.entries(differences).filter(([id]) => !(id in INTENDED))
    expect(unexpected.map(([id, each]) => `${id} ${JSON.stringify(each)}`)).toEqual([])
    expect(Object.keys(INTENDED).filter((id) => !(id in differences))).toEqual([])
  })
})
