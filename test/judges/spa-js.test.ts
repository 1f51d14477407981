import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { startChromium } from '../browser/chromium.ts'
import { requires } from '../support/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: functions that run in the page see its globals; no DOM types are loaded here.
declare const window: any

const library = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('@auth0/auth0-spa-js')), '..', 'auth0-spa-js.production.js'),
)

let browser: Browser | undefined
let tenant: Sandbox
let app: Server
let origin: string
let context: BrowserContext

/**
 * A single-page application of its own origin, with Auth0's library and nothing else. It is of the tenant's site, as with
 * a custom domain: a browser that blocks cookies of other sites gives no silent token to any other application.
 */
async function serveApp(): Promise<Server> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' })
  const server = createServer({ cert, key }, (request, response) => {
    if (request.url === '/library.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(library)
      return
    }
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>App</title><script src="/library.js"></script><button id="go">Go</button>')
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

beforeEach(async (test) => {
  requires(test, 'chromium')
  browser ??= await startChromium()
  tenant = await sandbox()
  app = await serveApp()
  origin = `https://localhost:${(app.address() as AddressInfo).port}`
  await connect(tenant.options)
    .clients(tenant.seed.clients[2]?.client_id ?? '')
    .update({
      app_type: 'spa',
      callbacks: [origin],
      web_origins: [origin],
      allowed_logout_urls: [origin],
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
    } as never)
    .run()
  context = await browser.newContext({ ignoreHTTPSErrors: true })
  context.setDefaultTimeout(20_000)
})
afterEach(async () => {
  await context?.close()
  app?.closeAllConnections()
  app?.close()
  await tenant?.close()
})
afterAll(() => browser?.close())

/** Opens the application, with its client ready as `window.client`. */
async function open(more: object = {}): Promise<Page> {
  const page = await context.newPage()
  await page.goto(origin)
  await ready(page, more)
  return page
}

function ready(page: Page, more: object = {}): Promise<void> {
  const domain = new URL(tenant.httpsUrl ?? '').host.replace('127.0.0.1', 'localhost')
  const options = {
    domain,
    clientId: tenant.seed.clients[2]?.client_id,
    authorizationParams: { redirect_uri: origin, scope: 'openid profile email offline_access' },
    ...more,
  }
  return page.evaluate(async (given) => {
    window.client = new window.auth0.Auth0Client(given)
  }, options)
}

/** Signs in on the tenant's page. */
async function signIn(page: Page, index: number): Promise<void> {
  const { email = '', password = '' } = tenant.seed.users[index] ?? {}
  await page.getByLabel('Email or username').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Continue' }).click()
}

/** Signs in by redirect; the application is back, with its client ready and its answer read. */
async function login(page: Page, index: number, more: object = {}): Promise<void> {
  await page.evaluate(() => void window.client.loginWithRedirect())
  await page.waitForURL(/\/u\/login/)
  await signIn(page, index)
  await page.waitForURL(/localhost:\d+\/\?code=/)
  await ready(page, more)
  await page.evaluate(() => window.client.handleRedirectCallback())
}

describe('auth0-spa-js in Chromium judges the tenant', () => {
  it('logs in, gets tokens silently, and logs out', async () => {
    const page = await open()
    await login(page, 1)
    const user = await page.evaluate(() => window.client.getUser())
    expect(user).toMatchObject({ sub: tenant.seed.users[1]?.user_id, email: tenant.seed.users[1]?.email })
    // A new page knows nothing: the token comes through a frame and the session.
    const second = await open()
    const token = await second.evaluate(() => window.client.getTokenSilently())
    expect(token).toBeTypeOf('string')
    expect(await second.evaluate(() => window.client.isAuthenticated())).toBe(true)
    const left = second.waitForResponse(/\/v2\/logout/)
    await second.evaluate((returnTo) => void window.client.logout({ logoutParams: { returnTo } }), origin)
    expect((await left).headers().location).toBe(origin)
    const third = await open()
    const error = await third.evaluate(() =>
      window.client.getTokenSilently().catch((reason: { error: string }) => reason.error),
    )
    expect(error).toBe('login_required')
  })

  it('logs in by a popup', async () => {
    const page = await open()
    await page.evaluate(() => {
      window.document.getElementById('go').onclick = () => {
        window.done = window.client.loginWithPopup()
      }
    })
    const opened = page.waitForEvent('popup')
    await page.click('#go')
    await signIn(await opened, 1)
    await page.waitForFunction(() => window.done !== undefined)
    await page.evaluate(() => window.done)
    expect(await page.evaluate(() => window.client.getUser())).toMatchObject({ sub: tenant.seed.users[1]?.user_id })
  })

  it('refreshes with rotation, and reads the answers of another origin', async () => {
    const options = { useRefreshTokens: true, cacheLocation: 'localstorage' }
    const page = await open(options)
    await login(page, 1, options)
    const read = () =>
      page.evaluate(async () => {
        const access = await window.client.getTokenSilently({ cacheMode: 'off' })
        const kept = Object.keys(window.localStorage)
          .map((key) => JSON.parse(window.localStorage.getItem(key) ?? '{}'))
          .find((each) => each.body?.refresh_token)
        return { access, refresh: kept?.body.refresh_token }
      })
    const first = await read()
    const second = await read()
    expect(first.refresh).toBeTypeOf('string')
    expect(second.refresh).not.toBe(first.refresh)
    expect(second.access).not.toBe(first.access)
    const grants = tenant.requests.filter(({ path, method }) => path === '/oauth/token' && method === 'POST')
    expect(grants.map(({ status }) => status)).not.toContain(403)
  })

  it('passes a second factor on the tenant’s pages', async () => {
    const page = await open()
    await page.evaluate(() => void window.client.loginWithRedirect())
    await page.waitForURL(/\/u\/login/)
    await signIn(page, 0)
    await page.getByRole('button', { name: 'Authenticator app' }).click()
    const secret = (await page.locator('#secret').textContent()) ?? ''
    await page.getByLabel('Code').fill(tenant.totp(secret))
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Save your recovery code' }).waitFor()
    await page.getByRole('button', { name: 'I have saved it' }).click()
    await page.waitForURL(/localhost:\d+\/\?code=/)
    await ready(page)
    await page.evaluate(() => window.client.handleRedirectCallback())
    const claims = await page.evaluate(() => window.client.getIdTokenClaims())
    expect(claims).toMatchObject({ amr: ['mfa'], sub: tenant.seed.users[0]?.user_id })
  })
})
