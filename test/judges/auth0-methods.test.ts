import { Ajv, type ValidateFunction } from 'ajv'
import { ManagementClient } from 'auth0'
import { SignJWT } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/plan/index.ts'
import { createFaults, createServe, listenPlain } from '../../src/sandbox/http/index.ts'
import { createRateLimits } from '../../src/sandbox/limits/index.ts'
import { documentPresent, OTHERWISE, readDocument } from '../sandbox/documented.ts'
import { type Answer, type Bench, bench, type CallOptions } from '../sandbox/management/harness.ts'
import { walk } from '../sandbox/management/walk.ts'
import { playScenes } from '../sandbox/scenes.ts'
import { methodsOf } from './sdk-methods.ts'

// Every method of Auth0's own SDK, called as it is documented, on sockets: path parameters, then one object. What they
// were answered is validated against Auth0's document by a validator that is not ours.

/** Methods that nothing in a test tenant can make succeed, and why. */
const NEVER: ReadonlyMap<string, string> = new Map([['actions.executions.get', 'actions are stored and never run']])

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

/** A tenant whose operations are called through the SDK, where it has a method, and every answer is told. */
async function throughSdk(told: (id: string, answer: Answer) => void): Promise<Bench> {
  const b = bench({ clock: 'real' })
  const { core } = b.lab
  const wait = () => Promise.resolve()
  const parts = { core, limits: createRateLimits(undefined), faults: createFaults(), note: wait, wait, late: wait }
  const server = await listenPlain('127.0.0.1', 0, createServe({ ...parts, latency: 0 }))
  closing.push(() => server.close())
  const key = await core.signingKeys.current()
  const api = [...core.tables.resourceServers.values()].find((each) => each.is_system === true)
  const scope = [...(api?.scopes ?? []).map((each) => each['value']), 'read:client_keys', 'update:client_keys'].join(
    ' ',
  )
  const token = await new SignJWT({ scope, azp: b.client, gty: 'client-credentials' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
    .setIssuer(`https://${core.domain}/`)
    .setAudience(`https://${core.domain}/api/v2/`)
    .setSubject(`${b.client}@clients`)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(key.privateKey)
  let last: Answer | undefined
  const sent: typeof fetch = async (input, init) => {
    const url = String(input).replace(`https://${core.domain}`, `http://127.0.0.1:${server.port}`)
    const answer = await fetch(url, init)
    const streams = (answer.headers.get('content-type') ?? '').includes('event-stream')
    const text = streams ? '' : await answer.clone().text()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    last = { status: answer.status, body, headers: Object.fromEntries(answer.headers) }
    return answer
  }
  const client = new ManagementClient({ domain: core.domain, token, fetch: sent, maxRetries: 0 })
  return {
    ...b,
    async call(id, options: CallOptions = {}) {
      const method = methodAt(client, id)
      if (method === undefined) return b.call(id, options)
      last = undefined
      await method(...argumentsOf(id, options)).catch((error: unknown) => {
        // The SDK raises what the tenant refuses; anything else is a fault of the call.
        if (last === undefined || last.status < 400) throw error
      })
      if (last === undefined) throw new Error(`${id} sent nothing.`)
      told(id, last)
      return last
    },
  }
}

type Method = (...values: readonly unknown[]) => Promise<unknown>

function methodAt(client: ManagementClient, id: string): Method | undefined {
  const names = id.split('.')
  const last = names.pop() ?? ''
  let node: unknown = client
  for (const name of names) node = (node as Record<string, unknown> | undefined)?.[name]
  const method = (node as Record<string, unknown> | undefined)?.[last]
  return typeof method === 'function' ? async (...values) => method.apply(node, values) : undefined
}

/** Path parameters in their order, then the body or the query. */
function argumentsOf(id: string, { body, params = {}, query = {} }: CallOptions): readonly unknown[] {
  const path = row(id)?.path ?? ''
  const values = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => params[name])
  return [...values, body ?? query]
}

/** The document's schemas as JSON Schema: what may be null says so by a type. */
function plain(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(plain)
  if (!isJsonObject(schema)) return schema
  const { discriminator: _discriminator, nullable, oneOf, ...rest } = schema
  // The document's alternatives overlap: an empty page is a page of either kind.
  const open = oneOf === undefined ? rest : { ...rest, anyOf: oneOf }
  const own = Object.fromEntries(Object.entries(open).map(([name, value]) => [name, plain(value)]))
  return nullable === true ? { anyOf: [own, { type: 'null' }] } : own
}

describe.skipIf(!documentPresent)("T17 all methods of Auth0's SDK (skipped where the document is absent)", () => {
  it('T17 get answers that fit the document', { timeout: 300_000 }, async () => {
    const { schemaOf, schemas } = readDocument()
    const ajv = new Ajv({
      strict: false,
      validateFormats: false,
      unicodeRegExp: false,
      allErrors: false,
      logger: false,
    })
    ajv.addSchema({ $id: 'document', components: { schemas: plain(schemas as JsonObject) } } as object)
    const compiled = new Map<string, ValidateFunction>()
    const validatorOf = (schema: JsonObject): ValidateFunction => {
      const text = JSON.stringify(plain(schema)).replaceAll('"#/components', '"document#/components')
      const known = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object)
      compiled.set(text, known)
      return known
    }
    const succeeded = new Set<string>()
    const refusals = new Map<string, string>()
    const broken = new Set<string>()
    const told = (id: string, { body, status }: Answer): void => {
      const found = row(id)
      if (status >= 300) refusals.set(id, `${id} ${status} ${JSON.stringify(body)}`)
      if (status >= 300 || found === undefined) return
      succeeded.add(id)
      const schema = schemaOf(found, status)
      if (schema === undefined || body === undefined || OTHERWISE.has(id)) return
      const fits = validatorOf(schema)
      if (!fits(body)) {
        // Of several ways to be right, the one that went furthest says most.
        const [error] = (fits.errors ?? []).toSorted((x, y) => y.instancePath.length - x.instancePath.length)
        const name = error?.params['additionalProperty'] ?? ''
        broken.add(`${id} ${status}: ${error?.instancePath ?? ''} ${error?.message ?? ''} ${String(name)}`)
      }
    }
    for (const size of ['minimal', 'full'] as const) {
      const b = await throughSdk(told)
      for await (const { row: walked } of walk(b, size)) expect(walked.id).toBeTruthy()
    }
    const importing = await throughSdk(told)
    const users = new File([JSON.stringify([{ email: 'ada@example.com' }])], 'users.json', { type: 'application/json' })
    await importing.call('jobs.usersImports.create', { body: { users, connection_id: importing.connection } as never })
    const { failed } = await playScenes(() => throughSdk(told))
    expect.soft(failed).toEqual([])
    expect.soft([...broken]).toEqual([])

    const all = methodsOf(new ManagementClient({ domain: 'one.example.com', token: 'none' })).filter(
      (each) => each !== 'fetch',
    )
    expect(all).toHaveLength(457)
    const missed = all.filter((each) => !succeeded.has(each) && !NEVER.has(each))
    expect(missed.map((each) => refusals.get(each) ?? `${each} was never called`)).toEqual([])
  })
})
