import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, bench, failed } from './harness.ts'

let b: Bench
beforeEach(() => {
  b = bench()
})

const create = (domain: string, more: object = {}) =>
  b.call('customDomains.create', { body: { domain, type: 'auth0_managed_certs', ...more } })

describe('custom domains', () => {
  it('start pending with a CNAME or TXT record, and are unique', async () => {
    const managed = await create('New.Acme.example')
    expect(managed).toMatchObject({
      status: 201,
      body: {
        custom_domain_id: expect.stringMatching(/^cd_\w{16}$/),
        domain: 'new.acme.example',
        status: 'pending_verification',
        is_default: false,
        verification: { methods: [{ name: 'CNAME' }] },
      },
    })
    expect((await create('new.acme.example')).status).toBe(409)
    const own = await create('own.acme.example', { type: 'self_managed_certs' })
    expect(own.body.verification.methods[0].name).toBe('TXT')
  })

  it('verify with 200 either way: the status tells', async () => {
    const good = await create('new.acme.example')
    const verify = (id: string) => b.call('customDomains.verify', { params: { id } })
    const test = (id: string) => b.call('customDomains.test', { params: { id } })
    const id = good.body.custom_domain_id
    expect((await test(id)).status).toBe(409)
    expect(await verify(id)).toMatchObject({
      status: 200,
      body: { status: 'ready', verification: { status: 'verified' } },
    })
    expect((await verify(id)).status).toBe(400)
    expect(await test(id)).toMatchObject({ status: 200, body: { success: true } })
    const bad = await create('new.acme.invalid')
    expect(await verify(bad.body.custom_domain_id)).toMatchObject({
      status: 200,
      body: { status: 'pending_verification', verification: { status: 'failed', error_msg: expect.any(String) } },
    })
    expect((await b.call('logs.list', { query: { q: 'type:custom_domain_verification_failed' } })).body).toHaveLength(1)
    const own = await create('own.acme.example', { type: 'self_managed_certs' })
    const first = await verify(own.body.custom_domain_id)
    expect(first.body.cname_api_key).toEqual(expect.any(String))
    expect((await b.call('customDomains.get', { params: { id: own.body.custom_domain_id } })).body).not.toHaveProperty(
      'cname_api_key',
    )
    expect((await verify('cd_none')).status).toBe(404)
  })

  it('have a default: the canonical name alone, or the whole object', async () => {
    const set = (domain: string) => b.call('customDomains.setDefault', { body: { domain } })
    expect((await b.call('customDomains.getDefault')).body).toEqual({ domain: b.tenant.domain })
    expect(await set('login.acme.example')).toMatchObject({
      status: 200,
      body: { domain: 'login.acme.example', is_default: true },
    })
    expect(b.tenant.defaultDomain()).toBe('login.acme.example')
    const id = (await b.call('customDomains.getDefault')).body.custom_domain_id
    expect((await b.call('customDomains.delete', { params: { id } })).status).toBe(409)
    expect(await set(b.tenant.domain)).toMatchObject({ status: 200, body: { domain: b.tenant.domain } })
    expect((await b.call('customDomains.delete', { params: { id } })).status).toBe(204)
    expect((await b.call('customDomains.delete', { params: { id } })).status).toBe(204)
    expect(await set('elsewhere.example')).toMatchObject(
      failed(400, 'The custom domain does not exist for the tenant.'),
    )
    await create('new.acme.example')
    expect(await set('new.acme.example')).toMatchObject(
      failed(400, 'The domain must be verified before it can be set as default.'),
    )
  })

  it('list as an array, or by checkpoint, with q, sort and fields', async () => {
    expect((await b.call('customDomains.list')).body).toHaveLength(2)
    const page = (await b.call('customDomains.list', { query: { take: '1', sort: 'domain:1', fields: 'domain' } })).body
    expect(page).toEqual({ custom_domains: [{ domain: 'id.globex.example' }], next: expect.any(String) })
    expect((await b.call('customDomains.list', { query: { q: 'domain:login*' } })).body).toHaveLength(1)
    expect((await b.call('customDomains.list', { query: { sort: 'domain:-1' } })).status).toBe(400)
  })

  it('merge domain_metadata, at most ten keys, and keep each field to its type', async () => {
    const id = b.lab.seed.customDomains[0]?.custom_domain_id ?? ''
    const update = (body: object) => b.call('customDomains.update', { params: { id }, body: body as never })
    await update({ domain_metadata: { a: '1', b: '2' } })
    expect((await update({ domain_metadata: { a: null, c: '3' } })).body.domain_metadata).toEqual({ b: '2', c: '3' })
    expect(
      await update({ domain_metadata: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, 'v'])) }),
    ).toMatchObject(failed(400, /maximum 10/))
    expect(await update({ custom_client_ip_header: 'x-forwarded-for' })).toMatchObject(
      failed(400, /self_managed_certs/),
    )
    expect(await update({ relying_party_identifier: 'example.org' })).toMatchObject(
      failed(400, /relying_party_identifier/),
    )
    expect((await update({ relying_party_identifier: 'acme.example' })).status).toBe(200)
  })
})
