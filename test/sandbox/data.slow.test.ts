import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { manage, managementToken, send, start } from './bench.ts'

const entry = resolve(import.meta.dirname, '..', '..', 'dist', 'sandbox.js')
const made = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A tenant in a process of its own, and a client beside it that makes roles until the process is killed. */
async function killed(data: string, after: number): Promise<readonly string[]> {
  const script = `
    import { sandbox } from ${JSON.stringify(`file://${entry}`)}
    const tenant = await sandbox({ data: process.argv[1], tls: false })
    const { clientId, clientSecret } = tenant.options
    console.log(JSON.stringify({ url: tenant.url, domain: tenant.domain, clientId, clientSecret }))
    setInterval(() => undefined, 1000)
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  const { url, domain, clientId, clientSecret } = JSON.parse(chunk.toString('utf8'))
  const ask = async (path: string, body: object, token = ''): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json() as never
  }
  const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const { access_token } = await ask('/oauth/token', { ...grant, audience: `https://${domain}/api/v2/` })
  const known: string[] = []
  const gone = once(child, 'exit')
  for (let count = 0; ; count += 1) {
    if (count === after) child.kill('SIGKILL')
    try {
      const { id } = await ask('/api/v2/roles', { name: `role ${after} ${count}` }, access_token)
      if (id !== undefined) known.push(id)
    } catch {
      // The process is dead: what it answered before is what has to be there.
      break
    }
  }
  await gone
  return known
}

describe('T23 a tenant that keeps its state', () => {
  it('T6 keeps signing keys and their rotation: tokens from before the restart are taken', async () => {
    const data = made()
    const first = await start({ data })
    const before = await managementToken(first)
    const { body } = await manage(first, 'POST', '/keys/signing/rotate')
    const keys = (await manage(first, 'GET', '/keys/signing')).body
    await first.close()
    const second = await start({ data })
    expect((await manage(second, 'GET', '/keys/signing')).body).toEqual(keys)
    const published = (await send(second, 'GET', '/.well-known/jwks.json')).body.keys
    expect(published.map((key: { kid: string }) => key.kid)).toContain(body.kid)
    const headers = { authorization: `Bearer ${before}` }
    expect((await send(second, 'GET', '/api/v2/roles', { headers })).status).toBe(200)
  })

  it('T23 goes on with its state, ids and credentials where it stopped', async () => {
    const data = made()
    const first = await start({ data })
    const { body } = await manage(first, 'POST', '/roles', { name: 'kept' })
    await manage(first, 'PATCH', '/tenants/settings', { friendly_name: 'Kept' })
    await manage(first, 'DELETE', `/roles/${first.seed.roles[0]?.id}`)
    await first.close()
    const second = await start({ data })
    expect(second.options.clientSecret).toBe(first.options.clientSecret)
    const names = (await manage(second, 'GET', '/roles')).body.map((each: { name: string }) => each.name)
    expect(names).toContain('kept')
    expect(names).not.toContain(first.seed.roles[0]?.name)
    expect((await manage(second, 'GET', '/tenants/settings')).body.friendly_name).toBe('Kept')
    expect((await manage(second, 'POST', '/roles', { name: 'another' })).body.id).not.toBe(body.id)
    const { clientId: client_id } = second.options
    await send(second, 'POST', '/passwordless/start', {
      body: { client_id, connection: 'sms', phone_number: '+15005550001' },
    })
    expect(readdirSync(data).sort()).toEqual(['changes.jsonl', 'snapshot.json'])
  })

  it('T23 names the file of a state that cannot be read, and the folder that cannot be one', async () => {
    const data = made()
    const file = join(data, 'snapshot.json')
    writeFileSync(file, '{"version":1,')
    await expect(start({ data })).rejects.toThrow(`sandbox(): ${file} cannot be read`)
    writeFileSync(file, '{"version":7}')
    await expect(start({ data })).rejects.toThrow(`${file} is not the state of an embedded tenant`)
    await expect(start({ data: file })).rejects.toThrow('sandbox(): "data" must be a folder')
  })

  it('T23 tells what counts for nothing beside a saved state, and refuses another tenant', async () => {
    const data = made()
    const first = await start({ data, domain: 'first.example.com', clientId: 'first', users: 3 })
    expect(first.skipped).toEqual([])
    await first.close()
    const again = await start({ data, domain: 'first.example.com', clientId: 'first', users: 5, empty: true })
    expect(again.skipped).toEqual([`users, empty: the state in ${data} counts, which was there already.`])
    expect((await manage(again, 'GET', '/users')).body).toHaveLength(5)
    const { clientSecret } = again.options
    await again.close()
    const refused = (options: object) => expect(start({ data, ...options })).rejects
    await refused({ domain: 'other.example.com' }).toThrow('has first.example.com, not other.example.com as "domain"')
    await refused({ clientId: 'second' }).toThrow('has first, not second as "clientId"')
    await refused({ clientSecret: 'another' }).toThrow('has another one as "clientSecret"')
    const last = await start({ data, clientSecret })
    expect(last.options.clientSecret).toBe(clientSecret)
  })

  it('T16 has what lay below a record no more after a crash, nor below a document', async () => {
    const [data, copy] = [made(), made()]
    const first = await start({ data, seed: 'nested' })
    const code = { name: 'one', code: '1', supported_triggers: [{ id: 'post-login', version: 'v3' }] }
    const action = (await manage(first, 'POST', '/actions/actions', code)).body.id
    await manage(first, 'POST', `/actions/actions/${action}/deploy`)
    await manage(first, 'DELETE', `/actions/actions/${action}`)
    const okta = {
      name: 'okta',
      strategy: 'okta',
      options: { client_id: 'a', client_secret: 'b', domain: 'd.okta.com' },
    }
    const scim = `/connections/${(await manage(first, 'POST', '/connections', okta)).body.id}/scim-configuration`
    await manage(first, 'POST', scim, {})
    await manage(first, 'POST', `${scim}/tokens`, {})
    await manage(first, 'DELETE', scim)
    await manage(first, 'POST', scim, {})
    expect((await manage(first, 'GET', `${scim}/tokens`)).body).toEqual([])
    // What a crash at this moment leaves.
    cpSync(data, copy, { recursive: true })
    const second = await start({ data: copy, seed: 'nested' })
    expect((await manage(second, 'GET', `${scim}/tokens`)).body).toEqual([])
    const { others } = second.snapshot().tables as { others: [string, unknown[]][] }
    expect(others.flatMap(([name, records]) => (name.includes(action) ? records : []))).toEqual([])
  })

  it('T23 leaves out the line that a crash has cut', async () => {
    const data = made()
    const first = await start({ data })
    await first.close()
    appendFileSync(join(data, 'changes.jsonl'), '{"now":1,"random":[1,2,3,4],"chan')
    const second = await start({ data })
    expect((await manage(second, 'GET', '/roles')).body).toHaveLength(2)
  })

  it('T23 has everything that it answered before it was killed, whenever that was', async () => {
    const data = made()
    const known: string[] = []
    for (const after of [1, 4, 9]) known.push(...(await killed(data, after)))
    const tenant = await start({ data })
    const ids = (await manage(tenant, 'GET', '/roles?per_page=100')).body.map((each: { id: string }) => each.id)
    expect(known.length).toBeGreaterThan(10)
    expect(ids).toEqual(expect.arrayContaining(known))
    expect(new Set(ids).size).toBe(ids.length)
  })
})
