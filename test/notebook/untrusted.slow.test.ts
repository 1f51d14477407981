import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { attachLook, bundleOf, chart, showError } from '../../src/display/index.ts'
import { showDiff, showLimits } from '../../src/display/looks/index.ts'
import { ApiError, diffValues, planData } from '../../src/plan/index.ts'
import { connect } from '../../src/session/index.ts'
import { picture, startChromium } from '../browser/chromium.ts'
import { requires } from '../support/index.ts'
import { Jupyter } from './jupyter-server.ts'

const users = Array.from({ length: 20 }, (_, at) => ({
  user_id: `auth0|${at}`,
  email: `u${at}@example.com`,
  name: `User ${at}`,
  app_metadata: { plan: 'gold', roles: ['a', 'b'] },
}))
const days = Array.from({ length: 40 }, (_, at) => ({
  date: new Date(at * 86_400_000).toISOString(),
  logins: at % 9,
  signups: at % 3,
}))
const before = { name: 'old', callbacks: ['https://a.example', 'https://b.example'], script: 'one\ntwo\nthree' }
const after = { name: 'new', callbacks: ['https://a.example', 'https://c.example'], script: 'one\n2\nthree' }
const auth0 = connect({ domain: 'tenant.example.com', token: 'manual-token-of-the-test' })

/** One of each kind of display, as it lies in a file. */
const displays: Readonly<Record<string, object>> = {
  list: bundleOf(
    attachLook({ items: users, total: 20 }, { row: row('users.list')!, plan: planData({ op: 'users.list' }) }),
  ),
  record: bundleOf(attachLook(structuredClone(users[0]!), { row: row('users.get')! })),
  plan: bundleOf(auth0.tenant().quotas().clients({ perDay: 200 })),
  error: showError(
    new ApiError('The client is unknown. Check the id.', { status: 404, serverMessage: 'gone' }),
  ).bundle(),
  chart: bundleOf(chart(days)),
  burst: bundleOf(
    chart(
      ['s', 's', 'f'].map((type) => ({ date: '2026-11-01T10:00:00Z', type })),
      { by: 'type' },
    ),
  ),
  gauges: showLimits({
    buckets: [{ rateKey: 'management', limit: 10, remaining: 4 }],
    quotas: { client: [{ bucket: 'per_day', quota: 100, remaining: 90, resetAt: 0 }], organization: [] },
  }).bundle(),
  difference: showDiff({ kind: 'known', before, after, changes: diffValues(before, after) }).bundle(),
  half: bundleOf(auth0.mfa('mfa-token-of-the-test')),
}

/** What a page shows of its outputs: boxes of text, and how well they can be read. */
interface Seen {
  readonly overlapping: readonly string[]
  readonly faint: readonly string[]
  readonly outside: readonly string[]
  readonly texts: readonly string[]
  readonly styled: number
}

// Runs in the page, where there are no types of Node.
const look = readFileSync(join(import.meta.dirname, 'look-at-outputs.js'), 'utf8')

describe('N1 a notebook that was not run here', () => {
  let jupyter: Jupyter | undefined
  let browser: Browser | undefined
  let page: Page | undefined
  let seen: Seen | undefined

  beforeEach(async (context) => {
    requires(context, 'chromium', 'notebook')
    if (seen !== undefined) return
    browser = await startChromium()
    jupyter = await Jupyter.start()
    const cells = Object.entries(displays).map(([name, data]) => ({
      cell_type: 'code',
      execution_count: 1,
      metadata: {},
      source: `// ${name}`,
      outputs: [{ output_type: 'display_data', data, metadata: {} }],
    }))
    const kernelspec = { name: 'tslab', display_name: 'TypeScript', language: 'typescript' }
    const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 4 }
    writeFileSync(jupyter.path('untrusted.ipynb'), JSON.stringify(notebook))
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } })
    await page.goto(`${jupyter.url}notebooks/untrusted.ipynb`)
    await page.waitForSelector('.output_area', { timeout: 30_000 })
    await page.waitForTimeout(500)
    await picture(page, 'jupyter-untrusted')
    seen = await page.evaluate<Seen>(look)
  })
  afterAll(async () => {
    await browser?.close()
    await jupyter?.close()
  })

  it('has lost every style and picture', () => {
    expect(seen?.texts).toHaveLength(Object.keys(displays).length)
    expect(seen?.styled).toBe(0)
  })

  it('can be read', () => {
    expect(seen?.overlapping).toEqual([])
    expect(seen?.outside).toEqual([])
    expect(seen?.faint).toEqual([])
  })

  it('keeps rows, fields, code and numbers where they belong', () => {
    const [list = '', record = '', , , pictured = '', burst = '', gauges = '', difference = '', half = ''] =
      seen?.texts ?? []
    const found = users.map(({ email }) => list.indexOf(email))
    expect(found.every((at, index) => at >= 0 && (index === 0 || at > (found[index - 1] ?? 0)))).toBe(true)
    expect(record).toMatch(/user_id: +auth0\|0\s*\n/)
    // Charts are pictures there, which no text can run into; what has no pictures shows their text.
    expect([pictured, burst]).toEqual(['', ''])
    for (const bundle of [displays.chart, displays.burst]) expect(bundle).toHaveProperty(['image/png'])
    expect(displays.chart).toMatchObject({ 'text/plain': expect.stringMatching(/logins[\s\S]*signups/) })
    expect(displays.burst).toMatchObject({ 'text/plain': expect.stringMatching(/s +█+ +2[\s\S]*f +█+ +1/) })
    expect(gauges).toMatch(/management: +█{8}░{12} +4 of 10/)
    expect(difference).toMatch(/- callbacks\[\]: +https:\/\/b\.example\s*\n\s*\+ callbacks\[\]: +https:\/\/c\.example/)
    expect(difference).toMatch(/- two\n\+ 2\n/)
    expect(half).toContain('.verify.otp(code)')
  })
})
