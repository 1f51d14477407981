import { fetch } from 'undici'
import { afterEach } from 'vitest'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'

/** An answer as a test reads it. */
export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any
}

const running = new Set<Sandbox>()
afterEach(async () => {
  await Promise.all([...running].map((tenant) => tenant.close()))
  running.clear()
})

/** A sandbox that ends with the test. */
export async function start(options?: SandboxOptions): Promise<Sandbox> {
  const tenant = await sandbox(options)
  running.add(tenant)
  return tenant
}

/** Sends a request to a host of the tenant, by its canonical domain unless another origin is given. */
export async function send(
  tenant: Sandbox,
  method: string,
  path: string,
  more: { body?: unknown; form?: Record<string, string>; headers?: Record<string, string>; origin?: string } = {},
): Promise<TestAnswer> {
  const { body, form, headers = {}, origin = `https://${tenant.domain}` } = more
  const content = form
    ? { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' }
    : body === undefined
      ? undefined
      : { body: JSON.stringify(body), type: 'application/json' }
  const answer = await fetch(`${origin}${path}`, {
    method,
    redirect: 'manual',
    dispatcher: tenant.options.dispatcher as never,
    headers: { ...(content ? { 'content-type': content.type } : {}), ...headers },
    ...(content ? { body: content.body } : {}),
  })
  const text = await answer.text()
  const isJson = (answer.headers.get('content-type') ?? '').includes('json')
  return { status: answer.status, headers: answer.headers as never, body: isJson ? JSON.parse(text) : text }
}

/** Asks for a token with the main application. */
export function token(tenant: Sandbox, grant_type: string, fields: Record<string, string> = {}, origin?: string) {
  const { clientId: client_id, clientSecret: client_secret } = tenant.options
  const form = { grant_type, client_id, client_secret, ...fields }
  return send(tenant, 'POST', '/oauth/token', { form, ...(origin ? { origin } : {}) })
}

/** An access token for the Management API. */
export async function managementToken(tenant: Sandbox): Promise<string> {
  const answer = await token(tenant, 'client_credentials', { audience: `https://${tenant.domain}/api/v2/` })
  return String(answer.body.access_token)
}

/** Calls the Management API with a token of its own. */
export async function manage(
  tenant: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<TestAnswer> {
  const authorization = `Bearer ${await managementToken(tenant)}`
  return send(tenant, method, `/api/v2${path}`, { body, headers: { authorization, ...headers } })
}

/** Logs a seeded user in by password. */
export function login(tenant: Sandbox, index: number, fields: Record<string, string> = {}) {
  const user = tenant.seed.users[index]
  if (!user) throw new Error(`The sandbox has no user ${index}.`)
  return token(tenant, 'password', { username: user.email, password: user.password, ...fields })
}

/** The mfa token of the user who must pass MFA. */
export async function mfaToken(tenant: Sandbox, fields: Record<string, string> = {}): Promise<string> {
  const answer = await login(tenant, 0, { scope: 'openid profile email', ...fields })
  return String(answer.body.mfa_token)
}

export const MFA_GRANT = 'http://auth0.com/oauth/grant-type'
