import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Json, ValidationError } from '../../src/plan/index.ts'
import { encodeBody } from '../../src/wire/draft.ts'
import { type EncodedBody, finish } from '../../src/wire/index.ts'
import { draftOf } from './plans.ts'

const records = [{ email: 'a@b.c' }, { email: 'ü@b.c' }]
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantlab-body-'))
})
afterAll(() => rm(folder, { recursive: true }))

const importDraft = (users: Json) =>
  draftOf({ op: 'jobs.usersImports.create', body: { users, connection_id: 'con_1', upsert: false } })

describe('encodeBody', () => {
  it('writes JSON and forms at once', () => {
    expect(encodeBody({ kind: 'json', value: { a: null, b: ['ü'] } })).toEqual({
      body: '{"a":null,"b":["ü"]}',
      contentType: 'application/json',
    })
    expect(encodeBody({ kind: 'form', fields: { scope: 'a b', password: 'p&=+%ü' } })).toEqual({
      body: 'scope=a%20b&password=p%26%3D%2B%25%C3%BC',
      contentType: 'application/x-www-form-urlencoded',
    })
  })

  it('gives a form what only JSON text can hold', () => {
    const { body } = draftOf({
      op: 'authentication.backchannel',
      body: {
        login_hint: { format: 'iss_sub', sub: 'auth0|1' },
        scope: ['openid', 'profile'],
        requested_expiry: 300,
        gone: null,
      },
    })
    expect(body).toEqual({
      kind: 'form',
      fields: { login_hint: '{"format":"iss_sub","sub":"auth0|1"}', scope: 'openid profile', requested_expiry: '300' },
    })
  })
})

describe('a multipart body', () => {
  it('is written at once from records, and read back by another parser as it was', async () => {
    const encoded = encodeBody(importDraft(records as Json).body!) as EncodedBody
    expect(encoded).not.toBeInstanceOf(Promise)
    const form = await parse(encoded)
    expect([...form.keys()].sort()).toEqual(['connection_id', 'upsert', 'users'])
    expect(form.get('connection_id')).toBe('con_1')
    expect(form.get('upsert')).toBe('false')
    const file = form.get('users') as File
    expect(file.name).toBe('users.json')
    expect(file.type).toBe('application/json')
    expect(JSON.parse(await file.text())).toEqual(records)
  })

  it('has the same bytes for the same content, and another boundary for another', () => {
    const one = encodeBody(importDraft(records as Json).body!) as EncodedBody
    const same = encodeBody(importDraft(records as Json).body!) as EncodedBody
    const other = encodeBody(importDraft([] as Json).body!) as EncodedBody
    expect(Buffer.compare(one.body as Uint8Array, same.body as Uint8Array)).toBe(0)
    expect(one.contentType).toBe(same.contentType)
    expect(other.contentType).not.toBe(one.contentType)
  })

  it('keeps quotes and line breaks of a name inside its header', async () => {
    const encoded = encodeBody({ kind: 'multipart', parts: [{ name: 'a"\r\nb', content: '1' }] }) as EncodedBody
    expect(Buffer.from(encoded.body as Uint8Array).toString()).toContain('name="a%22%0D%0Ab"')
  })

  it('reads a file when it is sent', async () => {
    const file = join(folder, 'people.json')
    const content = JSON.stringify(records)
    await writeFile(file, content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    const pending = encodeBody(importDraft({ file, sha256 }).body!)
    expect(pending).toBeInstanceOf(Promise)
    const form = await parse(await pending)
    const sent = form.get('users') as File
    expect(sent.name).toBe('people.json')
    expect(await sent.text()).toBe(content)
  })

  it('refuses a file that has changed since, and one that is gone', async () => {
    const file = join(folder, 'changed.json')
    await writeFile(file, '[]')
    const changed = Promise.resolve(encodeBody(importDraft({ file, sha256: '0'.repeat(64) }).body!))
    await expect(changed).rejects.toThrow(/has changed since the plan was made/)
    const missing = Promise.resolve(encodeBody(importDraft({ file: join(folder, 'none.json') }).body!))
    await expect(missing).rejects.toThrow(ValidationError)
    await expect(missing).rejects.toThrow(/none\.json for the part "users" cannot be read: ENOENT/)
  })
})

describe('finish', () => {
  it('gives the transport one URL, and the content type that the body was written with', async () => {
    expect(finish(draftOf({ op: 'users.list', query: { page: 1 } }))).toEqual({
      method: 'GET',
      url: 'https://tenant.example.auth0.com/api/v2/users?page=1',
      headers: { accept: 'application/json', 'user-agent': 'tenantlab/9.9.9' },
      list: true,
    })
    const multipart = await finish(importDraft(records as Json))
    expect(multipart.headers['content-type']).toMatch(/^multipart\/form-data; boundary=tenantlab-[0-9a-f]{32}$/)
    expect(finish(draftOf({ op: 'events.subscribe' }))).toMatchObject({ stream: true })
  })

  it('writes the content type of a body that a stage has added', async () => {
    const bare = draftOf({ op: 'authentication.revoke' })
    const filled = { ...bare, body: { kind: 'form', fields: { client_id: 'c' } } as const }
    expect((await finish(filled)).headers['content-type']).toBe('application/x-www-form-urlencoded')
  })
})

function parse({ body, contentType }: EncodedBody): Promise<FormData> {
  return new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': contentType } }).formData()
}
