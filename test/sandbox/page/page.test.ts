import { get as httpGet, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../src/sandbox/index.ts'
import { sandbox } from '../../../src/sandbox/index.ts'
import { connect, type Session } from '../../../src/session/index.ts'

let tenant: Sandbox
let auth0: Session
beforeAll(async () => {
  tenant = await sandbox({ rateLimit: { burst: 50, perSecond: 50 } })
  auth0 = connect(tenant.options)
})
afterAll(() => tenant.close())

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Plain `node:http`, which sends whatever Host and Origin a hostile client may claim. */
function ask(path: string, headers: Record<string, string> = {}, form?: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = form === undefined ? '' : new URLSearchParams(form).toString()
    const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const options = { method: form === undefined ? 'GET' : 'POST', headers: { ...type, ...headers } }
    const sent = httpRequest(new URL(path, tenant.url), options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const token = async (): Promise<string> =>
  /name="sandbox-token" content="([^"]+)"/.exec((await ask('/')).text)?.[1] ?? 'none'

async function post(
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const own = { origin: tenant.url, accept: 'application/json', ...headers }
  return ask(path, own, { token: await token(), ...fields })
}

/** A login that waits for a push to be approved. */
async function waitingPush() {
  const { email: username, password } = tenant.seed.users[0] ?? { email: '', password: '' }
  const realm = 'Username-Password-Authentication'
  const error = await auth0.login
    .password({ username, password, realm })
    .run()
    .catch((reason: unknown) => reason)
  await auth0.mfa(error).enroll.push().run()
  return tenant.outbox.last('push')
}

describe('the page of a sandbox', () => {
  it('shows inbox, requests, clock, faults, limits and state, with nothing that runs or loads from elsewhere', async () => {
    const { headers, status, text } = await ask('/')
    expect(status).toBe(200)
    for (const part of ['Inbox', 'Requests', 'Clock', 'Faults', 'Limits and quotas', 'Logs', 'Events', 'State']) {
      expect(text).toContain(`tabindex="-1">${part}</h2>`)
    }
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(text.match(/(?:src|href|action)="(?:https?:)?\/\//g)).toBeNull()
    expect(text).not.toMatch(/<script(?! src="\/_sandbox\/page\.js" defer><\/script>)|\son\w+=|style="/)
  })

  it('is on loopback hosts only: a tenant host keeps its own paths', async () => {
    for (const host of [tenant.domain, 'id.acme.example']) {
      for (const path of ['/', '/_sandbox/state?table=users', '/_sandbox/page.js']) {
        const { status, text } = await ask(path, { host })
        expect([404, 421]).toContain(status)
        expect(text).not.toContain('sandbox-token')
      }
    }
    expect((await ask('/.well-known/jwks.json')).headers['content-type']).toContain('json')
    expect((await ask('/login')).text).not.toContain('sandbox-token')
  })

  it('answers no name but loopback, so that a rebound name reaches nothing', async () => {
    const rebound = await ask('/', { host: `attacker.example:${new URL(tenant.url).port}` })
    expect(rebound.status).toBe(421)
    expect(rebound.text).not.toContain('sandbox-token')
  })

  it('refuses any origin but its own, and fetches that other sites cause', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://attacker.example' },
      { origin: 'null' },
      { origin: tenant.url.replace('127.0.0.1', 'localhost') },
      { origin: tenant.httpsUrl ?? '' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    ]
    for (const headers of foreign) {
      for (const path of ['/', '/_sandbox/events', '/_sandbox/state?table=users']) {
        const { status, text } = await ask(path, headers)
        expect({ headers, path, status }).toEqual({ headers, path, status: 403 })
        expect(text).not.toContain(await token())
      }
    }
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await ask('/', link)).status).toBe(200)
    expect((await ask('/_sandbox/state?table=users', link)).status).toBe(403)
  })

  it('changes nothing without its origin and its token', async () => {
    const before = tenant.clock.now()
    const fields = { minutes: '1440' }
    const good = { token: await token(), ...fields }
    const refused = await Promise.all([
      ask('/_sandbox/clock', {}, good),
      ask('/_sandbox/clock', { origin: 'https://attacker.example' }, good),
      ask('/_sandbox/clock', { origin: tenant.url }, fields),
      ask('/_sandbox/clock', { origin: tenant.url }, { ...fields, token: 'x'.repeat(good.token.length) }),
      ask('/_sandbox/clock', { origin: tenant.url, 'content-type': 'text/plain' }, good),
    ])
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 415])
    expect(tenant.clock.now() - before).toBeLessThan(86_400_000)
    expect((await ask('/_sandbox/clock')).status).toBe(404)
  })

  it('moves the clock forward, and says no to what is no time', async () => {
    const before = tenant.clock.now()
    const done = await post('/_sandbox/clock', { minutes: '60' })
    expect(done.status).toBe(200)
    expect(tenant.clock.now() - before).toBeGreaterThanOrEqual(3_600_000)
    for (const minutes of ['0', '-5', 'soon', '1e99', '']) {
      const refused = await post('/_sandbox/clock', { minutes })
      expect(refused.status).toBe(422)
      expect(JSON.parse(refused.text).message).toContain('Correct the number.')
    }
  })

  it('puts faults in place, tells them, and takes them away', async () => {
    const added = await post('/_sandbox/faults', {
      kind: 'status',
      method: 'GET',
      path: '/api/v2/roles',
      times: '2',
      status: '502',
    })
    expect(added.status).toBe(200)
    expect(tenant.faults.list).toMatchObject([
      { kind: 'status', match: { method: 'GET', path: '/api/v2/roles' }, times: 2, status: 502 },
    ])
    const failed = await auth0.roles.list().with({ maxRetries: 0 }).run().outcome()
    expect(failed).toMatchObject({ status: 'error', error: { status: 502 } })
    expect((await ask('/')).text).toContain('on GET /api/v2/roles; played 1 of 2 times')
    const id = tenant.faults.list[0]?.id ?? ''
    expect((await post('/_sandbox/faults/remove', { fault: id })).status).toBe(200)
    expect(tenant.faults.list).toEqual([])
    await post('/_sandbox/faults', { kind: 'html' })
    await post('/_sandbox/faults/clear', {})
    expect(tenant.faults.list).toEqual([])
    const wrongs: Record<string, string>[] = [
      { kind: 'fire' },
      { kind: 'html', method: 'BREW' },
      { kind: 'html', path: 'users' },
      { kind: 'html', times: '0.5' },
    ]
    for (const wrong of wrongs) {
      expect((await post('/_sandbox/faults', wrong)).status).toBe(422)
    }
  })

  it('answers a push once, and says so', async () => {
    const push = await waitingPush()
    expect((await ask('/')).text).toContain(`aria-label="Approve the push to ${push.to}"`)
    expect((await post('/_sandbox/answer', { message: push.id, how: 'approve' })).status).toBe(200)
    const { text } = await ask('/')
    expect(text).toContain('Answered: approved.')
    expect(text).not.toContain(`approve-${push.id}`)
    const again = await post('/_sandbox/answer', { message: push.id, how: 'reject' })
    expect(again.status).toBe(422)
    expect(JSON.parse(again.text).message).toContain('answered before')
  })

  it('leads back to itself where no script runs', async () => {
    const done = await post('/_sandbox/clock', { minutes: '1' }, { accept: 'text/html' })
    expect([done.status, done.headers.location]).toEqual([303, '/'])
    const refused = await post('/_sandbox/clock', { minutes: '0' }, { accept: 'text/html' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('role="alert"')
  })

  it('tells requests with scopes and verdict on the custom domain, and never a secret', async () => {
    await auth0.clients.list().run()
    await auth0.tickets
      .changePassword({ user_id: tenant.seed.users[1]?.user_id ?? '' })
      .customDomain('id.acme.example')
      .run()
      .outcome()
    const { text } = await ask('/')
    expect(text).toContain('<td>clients.list</td>')
    expect(text).toContain('read:clients')
    expect(text).toMatch(/<code>id\.acme\.example<\/code> (used|refused)/)
    for (const client of tenant.seed.clients) if (client.client_secret) expect(text).not.toContain(client.client_secret)
    for (const user of tenant.seed.users) expect(text).not.toContain(user.password)
  })

  it('browses the state without what is secret in it', async () => {
    const list = await ask('/_sandbox/state?table=clients')
    const main = tenant.seed.clients[0] ?? { client_id: '', client_secret: 'none' }
    expect(list.text).toContain(`id=${main.client_id}`)
    const one = await ask(`/_sandbox/state?table=clients&id=${main.client_id}`)
    expect(one.text).toContain('&quot;client_secret&quot;: &quot;«secret»&quot;')
    expect(one.text).not.toContain(main.client_secret)
    const user = tenant.seed.users[0] ?? { user_id: '', password: 'none' }
    const shown = await ask(`/_sandbox/state?table=users&id=${encodeURIComponent(user.user_id)}`)
    expect(shown.text).not.toContain(user.password)
    for (const query of [
      '',
      '?table=nothing',
      '?table=users&id=nobody',
      '?table=sandbox/mfa-tokens',
      '?table=__proto__',
    ]) {
      expect((await ask(`/_sandbox/state${query}`)).status).toBe(404)
    }
  })

  it('escapes what a tenant and its clients may write', async () => {
    const hostile = `<img src=x onerror=alert(1)>"'&\u202e`
    await auth0.roles.create({ name: hostile, description: hostile }).run()
    await ask(`/api/v2/${encodeURIComponent(hostile)}?x=${encodeURIComponent(hostile)}`, { 'x-note': `<b>"'` })
    await ask(`/<script>alert(1)</script>`)
    for (const path of ['/', '/_sandbox/state?table=roles']) {
      const { text } = await ask(path)
      expect(text).not.toMatch(/<img|<b>|<script>|\u202e/)
    }
    expect((await ask('/_sandbox/state?table=roles')).text).toContain('&lt;img src=x onerror=alert(1)&gt;')
  })

  it('counts its own requests nowhere: neither in the list, nor against limits, nor among faults', async () => {
    const before = tenant.requests.length
    tenant.faults.add({ kind: 'reset' })
    expect((await ask('/')).status).toBe(200)
    tenant.faults.clear()
    expect(tenant.requests.length).toBe(before)
  })

  it('shows what is left of a rate limit and of a token quota', async () => {
    const id = tenant.seed.clients[0]?.client_id ?? ''
    await auth0.clients(id).quota({ perHour: 40 }).run()
    await auth0.login.clientCredentials({ audience: `https://${tenant.domain}/api/v2/` }).run()
    const { text } = await ask('/')
    expect(text).toMatch(/Rate limit, global management<\/th><td><meter min="0" max="50"/)
    expect(text).toMatch(/Token quota per hour, client [^<]+<\/th><td><meter min="0" max="40"[^>]*>39 of 40 left/)
  })
})

describe('its live updates', () => {
  it('bring every part at once and each change after it, and end with the sandbox', async () => {
    const own = await sandbox({ tls: false })
    const regions: { id: string; html: string; say?: string }[] = []
    let waiting: (() => void) | undefined
    const ended = new Promise<void>((resolve) => {
      httpGet(`${own.url}/_sandbox/events`, (response) => {
        response.setEncoding('utf8')
        let rest = ''
        response.on('data', (chunk: string) => {
          rest += chunk
          const parts = rest.split('\n\n')
          rest = parts.pop() ?? ''
          for (const part of parts) {
            const data = /^data: (.*)$/m.exec(part)?.[1]
            if (data !== undefined) regions.push(JSON.parse(data))
          }
          waiting?.()
        })
        response.on('close', resolve)
      })
    })
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        await new Promise<void>((resolve) => {
          waiting = resolve
        })
      }
    }
    await until(() => regions.length >= 8)
    expect(regions.map(({ id }) => id)).toEqual([
      'inbox',
      'clock',
      'requests',
      'faults',
      'gauges',
      'logs',
      'events',
      'state',
    ])
    const client = connect(own.options)
    await client.passwordless.sms({ phoneNumber: '+15550100' }).run()
    await until(() => regions.some(({ say }) => say?.startsWith('New in the inbox') === true))
    expect(regions.find(({ id, say }) => id === 'inbox' && say !== undefined)?.say).toBe(
      'New in the inbox: SMS to +15550100.',
    )
    await until(() => regions.some(({ id, say }) => id === 'requests' && say !== undefined))
    expect(regions.find(({ id, say }) => id === 'requests' && say !== undefined)?.say).toContain('/passwordless/start')
    await own.close()
    await ended
  })
})
