import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, type PlanData, secretSlot } from '../../src/plan/index.ts'
import { rowOf, toCurl, toHttp, type WireEnvironment } from '../../src/wire/index.ts'
import { environment, planOf } from './plans.ts'

const run = promisify(execFile)
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
)
const slot = (name: string) => secretSlot(name) as unknown as Json

const curlOf = (fields: Omit<PlanData, 'v'>, over: WireEnvironment = environment): string => {
  const plan = planOf(fields)
  return toCurl(plan, rowOf(plan), over)
}

const login = {
  op: 'authentication.token',
  body: {
    grant_type: 'password',
    username: 'o\'hara $HOME `x` "q" a+b@c.d',
    password: slot('password'),
    audience: '{audience}',
  },
}

describe('toCurl', () => {
  it('stands secrets as variables and leaves out who sends it', () => {
    const session = { ...environment, telemetry: 'abc', customDomain: 'login.example.com' }
    expect(curlOf({ op: 'users.get', params: { id: 'auth0|1' } }, session)).toBe(
      [
        "curl --request GET 'https://tenant.example.auth0.com/api/v2/users/auth0%7C1' \\",
        "  --header 'accept: application/json' \\",
        '  --header "authorization: Bearer $AUTH0_TOKEN"',
      ].join('\n'),
    )
    expect(curlOf({ op: 'users.create', body: { connection: 'c' } }, session)).toContain(
      "--header 'auth0-custom-domain: login.example.com'",
    )
  })

  it('names the application that the request speaks for', () => {
    const known = { ...environment, client: { clientId: 'abc' } }
    const grant = { op: 'authentication.token', body: { grant_type: 'client_credentials' } }
    expect(curlOf(grant, known)).toContain("--data-urlencode 'client_id=abc'")
    expect(curlOf(grant, known)).toContain('--data-urlencode "client_secret=$CLIENT_SECRET"')
    expect(curlOf(grant)).toContain('--data-urlencode "client_id=$CLIENT_ID"')
    const own = { ...grant, client: { clientId: 'own', clientAssertion: { key: secretSlot('key'), alg: 'RS256' } } }
    expect(curlOf(own, known)).toContain('"client_assertion=$CLIENT_ASSERTION"')
    const publicClient = { ...grant, client: { clientId: 'spa' } }
    expect(curlOf(publicClient, known)).not.toContain('client_secret')
    expect(curlOf({ op: 'authentication.database.changePassword', body: { email: 'a@b.c' } }, known)).not.toContain(
      'SECRET',
    )
  })

  it('hides literal values that the catalogue or their name calls secret', () => {
    const canary = 'canary-value'
    const plans: Omit<PlanData, 'v'>[] = [
      { op: 'users.create', body: { connection: 'c', password: canary } },
      { op: 'clients.create', body: { name: 'c', client_secret: canary } },
      { op: 'raw', route: 'POST /api/v2/anything', body: { deep: [{ api_key: canary }] } },
    ]
    for (const plan of plans) {
      expect(curlOf(plan)).not.toContain(canary)
      expect(toHttp(planOf(plan), rowOf(planOf(plan)), environment)).not.toContain(canary)
    }
    expect(curlOf(plans[2]!)).toContain('"$DEEP_0_API_KEY"')
  })

  it('keeps variables apart from what follows, and from each other', () => {
    const plan = {
      op: 'raw',
      route: 'POST /api/v2/x',
      body: { a: slot('the.token'), b: slot('the-token'), c: slot('1st') },
    }
    const text = curlOf(plan)
    expect(text).toContain('"a":"\'"$THE_TOKEN"\'"')
    expect(text).toContain('$THE_TOKEN_2')
    expect(text).toContain('$SECRET_1ST')
    expect(text.split('\n')[0]).toMatch(/^# [^'"`]*$/)
  })

  it('leaves the domain of an unbound plan open', () => {
    const plan = planOf({ op: 'users.list' })
    expect(toCurl(plan, rowOf(plan))).toContain("'https://{domain}/api/v2/users'")
  })
})

describe('toHttp', () => {
  it('writes a request that editors send', () => {
    const plan = planOf({
      op: 'clients.update',
      params: { id: 'a' },
      body: { name: 'n', client_secret: slot('client_secret') },
    })
    expect(toHttp(plan, rowOf(plan), environment)).toBe(
      [
        '### clients.update',
        '# {{client_secret}} is the secret "client_secret" of the plan.',
        '# {{token}} is an access token for the Management API.',
        'PATCH https://tenant.example.auth0.com/api/v2/clients/a HTTP/1.1',
        'accept: application/json',
        'content-type: application/json',
        'authorization: Bearer {{token}}',
        '',
        '{',
        '  "name": "n",',
        '  "client_secret": "{{client_secret}}"',
        '}',
        '',
      ].join('\n'),
    )
  })

  it('writes forms and multipart bodies', () => {
    const grant = planOf(login)
    const text = toHttp(grant, rowOf(grant), { ...environment, client: { clientId: 'abc' } })
    expect(text).toContain('&password={{password}}&')
    expect(text).toContain('&client_id=abc&client_secret={{client_secret}}')
    const imports = planOf({
      op: 'jobs.usersImports.create',
      body: { users: { file: './u.json' }, connection_id: 'con_1' },
    })
    expect(toHttp(imports, rowOf(imports), environment)).toContain('\n< ./u.json\n')
  })
})

describe.skipIf(!hasCurl)('the command, run by bash and curl', () => {
  let server: Server
  let folder: string
  let local: WireEnvironment
  let ca: string
  const seen: { url: string; method: string; headers: IncomingMessage['headers']; body: Buffer }[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantlab-curl-'))
    const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
      ],
    })
    ca = join(folder, 'ca.pem')
    await writeFile(ca, pems.cert)
    server = createServer({ key: pems.private, cert: pems.cert }, async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { url = '', method = '', headers } = request
      seen.push({ url, method, headers, body: Buffer.concat(chunks) })
      response.end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    local = { ...environment, domain: `localhost:${(server.address() as AddressInfo).port}` }
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(folder, { recursive: true })
  })

  async function sent(fields: Omit<PlanData, 'v'>, variables: Record<string, string>) {
    await run('bash', ['-eu', '-c', curlOf(fields, local)], {
      env: { PATH: process.env.PATH, HOME: folder, CURL_CA_BUNDLE: ca, ...variables },
    })
    const last = seen.at(-1)
    if (last === undefined) throw new Error('Nothing arrived.')
    return last
  }

  it('sends a form with every character of its values', async () => {
    const password = `p'"$\`\\ &=+%ü!`
    const request = await sent(login, { PASSWORD: password, CLIENT_ID: 'a b', CLIENT_SECRET: 's"s' })
    expect(request).toMatchObject({ method: 'POST', url: '/oauth/token' })
    expect(request.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(request.body.toString()))).toEqual({
      grant_type: 'password',
      username: login.body.username,
      password,
      audience: environment.audience,
      client_id: 'a b',
      client_secret: 's"s',
    })
  })

  it('sends JSON, a query and a bearer', async () => {
    const body = { name: 'it\'s $HOME `x` \\n "q" ü', client_secret: slot('client_secret') }
    const plan = { op: 'clients.update', params: { id: "a'b" }, body }
    const request = await sent(plan, { AUTH0_TOKEN: 'eyJ', CLIENT_SECRET: 'canary' })
    expect(request).toMatchObject({ method: 'PATCH', url: "/api/v2/clients/a'b" })
    expect(request.headers.authorization).toBe('Bearer eyJ')
    expect(JSON.parse(request.body.toString())).toEqual({ name: body.name, client_secret: 'canary' })
    const list = await sent({ op: 'users.list', query: { q: 'a "b" $c', page: 0 } }, { AUTH0_TOKEN: 'eyJ' })
    expect(list.url).toBe('/api/v2/users?q=a%20%22b%22%20%24c&page=0')
  })

  it('sends multipart from records and from a file', async () => {
    const users = [{ email: 'a@b.c', name: "O\"Hara; \\ 'x'" }]
    const file = join(folder, 'some "users";.json')
    await writeFile(file, JSON.stringify(users))
    for (const source of [users, { file }] as Json[]) {
      const plan = { op: 'jobs.usersImports.create', body: { users: source, connection_id: 'con_1', upsert: true } }
      const request = await sent(plan, { AUTH0_TOKEN: 'eyJ' })
      const headers = { 'content-type': request.headers['content-type'] ?? '' }
      const form = await new Response(new Uint8Array(request.body), { headers }).formData()
      expect(form.get('connection_id')).toBe('con_1')
      expect(form.get('upsert')).toBe('true')
      expect(JSON.parse(await (form.get('users') as File).text())).toEqual(users)
    }
  })
})
