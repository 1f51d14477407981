import { fetch } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'

let tenant: Sandbox
afterEach(() => tenant?.close())

async function start(options?: SandboxOptions): Promise<Sandbox> {
  tenant = await sandbox(options)
  return tenant
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`https://${tenant.domain}${path}`, {
    method,
    dispatcher: tenant.options.dispatcher as never,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) }
}

const credentials = (more: object = {}) => ({
  grant_type: 'client_credentials',
  client_id: tenant.options.clientId,
  client_secret: tenant.options.clientSecret,
  audience: `https://${tenant.domain}/api/v2/`,
  ...more,
})

describe('client_credentials', () => {
  it('gives a token that the Management API takes', async () => {
    await start()
    const token = await call('POST', '/oauth/token', credentials())
    expect(token.body).toMatchObject({ token_type: 'Bearer', expires_in: 86_400 })
    const settings = await call('GET', '/api/v2/tenants/settings', undefined, {
      authorization: `Bearer ${token.body.access_token}`,
    })
    expect(settings.status).toBe(200)
    expect(settings.body).toMatchObject({ friendly_name: 'Tenantlab Demo' })
  })
})
