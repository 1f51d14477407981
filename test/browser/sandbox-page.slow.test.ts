import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'
import { requires } from '../support/index.ts'
import { picture, startChromium } from './chromium.ts'

// biome-ignore lint/suspicious/noExplicitAny: functions that run in the page see its document; no DOM types are loaded here.
declare const document: any

let browser: Browser | undefined
beforeEach(async (context) => {
  requires(context, 'chromium')
  browser ??= await startChromium(['--host-resolver-rules=MAP rebound.example 127.0.0.1'])
})
afterAll(() => browser?.close())

interface Bench {
  readonly tenant: Sandbox
  readonly auth0: Session
  readonly page: Page
  /** What the page complained of, and every address that it asked for. */
  readonly complaints: string[]
  readonly asked: string[]
}

async function open(options: SandboxOptions = {}, how: BrowserContextOptions = {}): Promise<Bench> {
  const tenant = await sandbox(options)
  const { after: really, now } = tenant.options.clock
  // The pause of a poll moves the tenant's time and takes little of the test's.
  const after = (ms: number, task: () => void) => {
    if (ms !== 5000) return really(ms, task)
    return really(50, () => {
      tenant.clock.advance(ms)
      task()
    })
  }
  const context = await (browser as Browser).newContext({ viewport: { width: 1280, height: 900 }, ...how })
  context.setDefaultTimeout(20_000)
  onTestFinished(async () => {
    await context.close()
    await tenant.close()
  })
  const page = await context.newPage()
  const complaints: string[] = []
  const asked: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`${tenant.url}/`)
  return { tenant, auth0: connect({ ...tenant.options, clock: { now, after } }), page, complaints, asked }
}

const realm = 'Username-Password-Authentication'

function login({ auth0, tenant }: Bench) {
  const { email: username, password } = tenant.seed.users[0] ?? { email: '', password: '' }
  return auth0.login.password({ username, password, realm, scope: 'openid' })
}

/** Presses Tab until the focus is on an element with this accessible name. */
async function tabTo(page: Page, name: string): Promise<void> {
  const reached: string[] = []
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const at = document.activeElement
      return String(at?.getAttribute('aria-label') ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? '')
    })
    reached.push(here.trim())
    if (here.trim() === name) return
  }
  throw new Error(`The keyboard does not reach "${name}"; it reached ${[...new Set(reached)].join(' | ')}.`)
}

const said = (page: Page) => page.getByRole('status')

describe('the sandbox’s page in Chromium', () => {
  it('takes a person through a push by keyboard alone, from its arrival to the tokens', async () => {
    const bench = await open({ seed: 'page', clock: 'fixed' })
    const { page, tenant, complaints, asked } = bench
    await page.getByText('Live.').waitFor({ state: 'attached' })
    const execution = login(bench).interactive({ factor: 'push', display: false }).run()
    const tokens = Promise.resolve(execution)
    const to = tenant.seed.users[0]?.email ?? ''
    const approve = page.getByRole('button', { name: `Approve the push to ${to}` })
    await approve.waitFor()
    await page.locator('#said', { hasText: `New in the inbox: Push to ${to}.` }).waitFor()
    await picture(page, 'sandbox-page-push')
    await tabTo(page, `Approve the push to ${to}`)
    await page.keyboard.press('Enter')
    await page.getByText('Answered: approved.').waitFor()
    expect((await tokens).id_token).toBeTypeOf('string')
    // The button is gone; whoever works by keyboard stands at the head of the same part, not at the top of the page.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('inbox-title')
    expect(complaints).toEqual([])
    expect(asked.every((url) => url.startsWith(tenant.url) || url.startsWith('data:'))).toBe(true)
  })

  it('rejects a push as well, and the login stops', async () => {
    const bench = await open({ seed: 'page', clock: 'fixed' })
    const { page } = bench
    const execution = login(bench).interactive({ factor: 'push', display: false }).run()
    const outcome = execution.outcome()
    await page.getByRole('button', { name: /^Reject the push/ }).click()
    await page.getByText('Answered: rejected.').waitFor()
    expect(await outcome).toMatchObject({ status: 'error', error: { serverMessage: 'MFA Authorization rejected.' } })
  })

  it('shows a code as it arrives, and announces it', async () => {
    const { auth0, page, tenant } = await open({ seed: 'page', clock: 'fixed' })
    await page.getByText('Live.').waitFor({ state: 'attached' })
    await auth0.passwordless.sms({ phoneNumber: '+15550100' }).run()
    const code = tenant.outbox.last('sms').code ?? ''
    const message = page.getByRole('listitem').filter({ hasText: 'SMS to +15550100' })
    await message.waitFor()
    expect(await message.locator('.code').textContent()).toBe(code)
    expect(await said(page).textContent()).toBe('New in the inbox: SMS to +15550100.')
    await page
      .locator('#arrived', { hasText: 'POST /passwordless/start was answered with 200.' })
      .waitFor({ state: 'attached' })
    for (const id of ['said', 'arrived']) expect(await page.locator(`#${id}`).getAttribute('aria-live')).toBe('polite')
  })

  it('moves the clock by keyboard, and tells the new time', async () => {
    const { page, tenant } = await open({ seed: 'page', clock: 'fixed' })
    const before = tenant.clock.now()
    await tabTo(page, 'Forward 1 hour')
    await page.keyboard.press('Enter')
    await page.locator('#clock', { hasText: '2026-11-02 10:00:00' }).waitFor()
    await page.getByLabel('Minutes').fill('2.5')
    await page.keyboard.press('Enter')
    await page.locator('#clock', { hasText: '2026-11-02 10:02:30' }).waitFor()
    expect(tenant.clock.now() - before).toBe(62.5 * 60_000)
    expect(await said(page).textContent()).toContain('10:02:30 UTC')
  })

  it('puts a fault in place by keyboard, counts it, and takes it away', async () => {
    const { auth0, page, tenant } = await open({ seed: 'page', clock: 'fixed' })
    await page.getByLabel('Fault', { exact: true }).selectOption('status')
    await page.getByLabel('Path', { exact: true }).fill('api/v2/users')
    await page.keyboard.press('Enter')
    await page.getByText('A path begins with a slash').waitFor()
    expect(await page.locator('#said').getAttribute('class')).toBe('bad')
    await page.getByLabel('Path', { exact: true }).fill('/api/v2/users*')
    await page.getByLabel('Times', { exact: true }).fill('1')
    await page.getByLabel('Status', { exact: true }).fill('500')
    await page.keyboard.press('Enter')
    await page.getByText('on /api/v2/users*; played 0 of 1 times').waitFor()
    const failed = await auth0.users.list().with({ maxRetries: 0 }).run().outcome()
    expect(failed).toMatchObject({ status: 'error', error: { status: 500 } })
    await page.getByText('on /api/v2/users*; played 1 of 1 times').waitFor()
    expect(await page.getByLabel('Path', { exact: true }).inputValue()).toBe('')
    await tabTo(page, 'Take away: answer with a status 500')
    await page.keyboard.press('Enter')
    await page.getByText('No fault is in place.').waitFor()
    expect(tenant.faults.list).toEqual([])
  })

  it('shows requests with status, scopes and the verdict on the custom domain, and leaves opened details open', async () => {
    const { auth0, page, tenant, complaints } = await open({
      seed: 'page',
      clock: 'fixed',
      rateLimit: { burst: 10, perSecond: 10 },
    })
    const domain = tenant.seed.customDomains[0]?.domain ?? ''
    const user_id = tenant.seed.users[1]?.user_id ?? ''
    await auth0.tickets.changePassword({ user_id }).customDomain(domain).run()
    const ticket = page.getByRole('row').filter({ hasText: '/api/v2/tickets/password-change' })
    await ticket.waitFor()
    expect(await ticket.locator('td').allTextContents()).toMatchObject({
      1: 'POST',
      3: '201',
      4: 'tickets.changePassword',
      5: 'create:user_tickets',
      6: `${domain} used`,
    })
    await ticket.locator('summary').focus()
    await page.keyboard.press('Enter')
    await page.getByText('"user_id"').waitFor()
    await auth0.users.list().run()
    await page.getByRole('row').filter({ hasText: 'users.list' }).waitFor()
    expect(await ticket.locator('details').getAttribute('open')).not.toBeNull()
    expect(await page.evaluate(() => document.activeElement?.id)).toMatch(/^request-\d+-path$/)
    await page.getByRole('meter', { name: 'Rate limit, global management' }).waitFor()
    await picture(page, 'sandbox-page-requests')
    expect(complaints).toEqual([])
  })

  it('browses the state and comes back', async () => {
    const { page, tenant } = await open({ seed: 'page', clock: 'fixed' })
    await page.getByRole('link', { name: 'users', exact: true }).click()
    const { email = '', password = 'none', user_id = '' } = tenant.seed.users[0] ?? {}
    await page.getByRole('link', { name: user_id }).click()
    await page.getByText(`"email": "${email}"`).waitFor()
    expect(await page.content()).not.toContain(password)
    await picture(page, 'sandbox-page-state')
    await page.getByRole('link', { name: 'Back to the sandbox' }).click()
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  })

  it('works without scripts', async () => {
    const { auth0, page, tenant } = await open({ seed: 'page', clock: 'fixed' }, { javaScriptEnabled: false })
    const before = tenant.clock.now()
    await page.getByRole('button', { name: 'Forward 5 minutes' }).click()
    await page.waitForURL(`${tenant.url}/`)
    expect(tenant.clock.now() - before).toBe(300_000)
    await auth0.passwordless.email({ email: 'reader@example.com' }).run()
    await page.reload()
    await page.getByText('reader@example.com').first().waitFor()
  })

  it('names every control, and has one heading for each part', async () => {
    const { page } = await open({ seed: 'page', clock: 'fixed' }, { colorScheme: 'dark' })
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('input:not([type=hidden]), select, button, a, meter')]
        .filter((each) => {
          const labels = each.labels?.length ?? 0
          return labels === 0 && !each.getAttribute('aria-label') && each.textContent?.trim() === ''
        })
        .map((each) => each.outerHTML),
    )
    expect(nameless).toEqual([])
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await page.locator('h1').count()).toBe(1)
    const parts = ['Inbox', 'Clock', 'Requests', 'Faults', 'Limits and quotas', 'Logs', 'Events', 'State']
    expect(await page.locator('h2').allTextContents()).toEqual(parts)
    await picture(page, 'sandbox-page-dark')
  })

  it('also stands on the HTTPS port', async () => {
    const { page, tenant } = await open({ seed: 'page', clock: 'fixed' }, { ignoreHTTPSErrors: true })
    await page.goto(`${tenant.httpsUrl}/`)
    await page.getByText('Live.').waitFor({ state: 'attached' })
    const before = tenant.clock.now()
    await page.getByRole('button', { name: 'Forward 1 day' }).click()
    await page.locator('#clock', { hasText: '2026-11-03 09:00:00' }).waitFor()
    expect(tenant.clock.now() - before).toBe(86_400_000)
  })

  it('gives another site nothing and lets it change nothing', async () => {
    const { page, tenant } = await open({ seed: 'page', clock: 'fixed' })
    const token = (await page.locator('meta[name=sandbox-token]').getAttribute('content')) ?? ''
    const attacker = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Another site</title>')
    })
    await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      attacker.closeAllConnections()
      attacker.close()
    })
    const before = tenant.clock.now()
    await page.goto(`http://localhost:${(attacker.address() as AddressInfo).port}/`)
    const got = await page.evaluate(
      async ([url = '', known = '']) => {
        const answers: string[] = []
        for (const init of [
          {},
          { mode: 'no-cors' as const },
          { method: 'POST', mode: 'no-cors' as const, body: new URLSearchParams({ token: known, minutes: '60' }) },
        ]) {
          for (const path of ['/', '/_sandbox/events', '/_sandbox/clock', '/_sandbox/state?table=users']) {
            answers.push(
              await fetch(url + path, init).then(
                async (answer) => answer.text(),
                () => '',
              ),
            )
          }
        }
        const frame = document.createElement('iframe')
        frame.src = `${url}/`
        document.body.append(frame)
        await new Promise((resolve) => {
          frame.onload = resolve
        })
        const script = document.createElement('script')
        script.src = `${url}/_sandbox/page.js`
        document.body.append(script)
        const loaded = await new Promise((resolve) => {
          script.onload = () => resolve('loaded')
          script.onerror = () => resolve('refused')
        })
        return { answers: answers.join(''), loaded }
      },
      [tenant.url, token],
    )
    expect(got).toEqual({ answers: '', loaded: 'refused' })
    expect(page.frames().map((frame) => frame.url())).not.toContain(`${tenant.url}/`)
    // A form sent by the person's own browser from there, with the token known: still another origin.
    await page.evaluate(
      ([url = '', known = '']) => {
        const form = document.createElement('form')
        form.method = 'post'
        form.action = `${url}/_sandbox/clock`
        for (const [name, value] of [
          ['token', known],
          ['minutes', '60'],
        ]) {
          const field = document.createElement('input')
          field.name = name ?? ''
          field.value = value ?? ''
          form.append(field)
        }
        document.body.append(form)
        form.submit()
      },
      [tenant.url, token],
    )
    await page.getByText('answers itself only').waitFor()
    expect(tenant.clock.now()).toBe(before)
  })

  it('answers no rebound name', async () => {
    const { page, tenant } = await open({ seed: 'page', clock: 'fixed' })
    const answer = await page.goto(`http://rebound.example:${new URL(tenant.url).port}/`)
    expect(answer?.status()).toBe(421)
    expect(await page.content()).not.toContain('sandbox-token')
  })
})
