import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Notebook } from '../../src/notebook/index.ts'
import { checkNotebook } from '../../src/notebook/index.ts'
import { picture, startChromium } from '../browser/chromium.ts'
import { stored } from '../notebooks/stored.ts'
import { requires } from '../support/index.ts'
import { Jupyter } from './jupyter-server.ts'
import { code, notebookOf } from './samples.ts'

const SHOWCASE = '10-find-watch-cancel-undo.ipynb'
const HANDS = 'hands.ipynb'

describe('a notebook in Jupyter itself', () => {
  let jupyter: Jupyter | undefined
  let browser: Browser | undefined

  beforeEach(async (context) => {
    requires(context, 'chromium', 'notebook')
    browser ??= await startChromium()
    jupyter ??= await Jupyter.start()
  })
  afterAll(async () => {
    await browser?.close()
    await jupyter?.close()
  })

  async function open(name: string): Promise<Page> {
    const page = await (browser as Browser).newPage({ viewport: { width: 1280, height: 1000 } })
    page.setDefaultTimeout(15_000)
    await page.goto(`${jupyter?.url}notebooks/${name}`)
    await page.locator('#kernel_indicator_icon.kernel_idle_icon').waitFor()
    return page
  }
  const cell = (page: Page, at: number) => page.locator('.cell').nth(at)
  async function runAll(page: Page): Promise<void> {
    await page.locator('#celllink').click()
    await page.locator('#run_all_cells').click()
  }

  it('opens, runs and reads: find, help, plan, run, watch, cancel, undo', async () => {
    const here = jupyter as Jupyter
    const { path } = stored.find(({ name }) => name === SHOWCASE)!
    copyFileSync(path, here.path(SHOWCASE))
    const page = await open(SHOWCASE)
    await page.locator('#kernellink').click()
    await page.locator('#restart_clear_output').click()
    await page.locator('.modal-dialog .btn-danger').click()
    await page.locator('.output_area').first().waitFor({ state: 'detached' })
    await page.locator('#kernel_indicator_icon.kernel_idle_icon').waitFor()
    await runAll(page)
    await page.getByText('Done. Nothing was left to undo.').waitFor()

    // A plan is a card, a run a display of its own, each once.
    const shows = page.locator('.output_html')
    expect(await page.locator('.output_area', { hasText: 'auth0.networkAcls.create' }).count()).toBeGreaterThan(0)
    const card = shows.filter({ hasText: 'Nothing has been sent' })
    expect(await card.count()).toBe(1)
    expect(await card.innerText()).toContain('POST /api/v2/network-acls')
    const watched = shows.filter({ hasText: 'users.list' })
    expect(await watched.count()).toBe(1)
    expect(await watched.innerText()).toMatch(/users\.list · done/)
    expect(await page.locator('.output_stdout', { hasText: 'aborted' }).innerText()).toContain('clients.list')
    expect(await page.locator('.output_stderr').count()).toBe(0)
    await card.scrollIntoViewIfNeeded()
    await picture(page, 'jupyter-notebook')

    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+s')
    await page.locator('#notification_notebook', { hasText: 'Checkpoint created' }).waitFor()
    const saved = JSON.parse(readFileSync(here.path(SHOWCASE), 'utf8')) as Notebook
    const displays = saved.cells
      .flatMap((one) => one.outputs ?? [])
      .filter((one) => JSON.stringify(one).includes('users.list · done'))
    expect(displays).toHaveLength(1)
    expect(checkNotebook(saved).filter(({ fails }) => fails)).toEqual([])
    await page.close()
  })

  it('stops a plan by the stop button, and asks for a secret without showing it', async () => {
    const here = jupyter as Jupyter
    const start = `
import { chart, secret } from 'tenantlab'
import { lab } from 'tenantlab/sandbox'
const { auth0, tenant } = await lab({ seed: 'hands', sandboxOnly: true })
tenant.faults.add({ kind: 'slow', delay: 600_000, match: { path: '/api/v2/clients' } })
console.log('ready')`
    const cells = [
      code(start.trim()),
      code(
        `const slow = auth0.clients.list().with({ timeout: 600_000 }).run()\nawait new Promise((next) => setTimeout(next, 50))\nconsole.log('waiting')\nawait slow`,
      ),
      code(`const typed = await secret('HANDS_SECRET')\ntyped`),
      code(`chart((await auth0.logs.list().run()).items, { by: 'type' })`),
    ]
    const metadata = { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } }
    const own = { ...notebookOf(...cells), metadata, nbformat_minor: 4 }
    writeFileSync(here.path(HANDS), JSON.stringify(own))
    const page = await open(HANDS)
    const runCell = async (at: number): Promise<void> => {
      await cell(page, at).click()
      await page.keyboard.press('Control+Enter')
    }
    await runCell(0)
    await cell(page, 0).getByText('ready').waitFor()
    await runCell(1)
    await cell(page, 1).locator('.output_stdout', { hasText: 'waiting' }).waitFor()
    await page.locator('button[data-jupyter-action="jupyter-notebook:interrupt-kernel"]').click()
    await cell(page, 1).getByText('Interrupted: 1 plan was cancelled (clients.list).').waitFor()

    // tslab refuses cells for 200 ms after one that failed.
    await page.waitForTimeout(400)
    await runCell(2)
    const input = cell(page, 2).locator('input.raw_input')
    await input.waitFor()
    expect(await input.getAttribute('type')).toBe('password')
    await input.fill('canary-typed-in-jupyter')
    await input.press('Enter')
    await cell(page, 2).locator('.output_html', { hasText: '«secret»' }).waitFor()

    await runCell(3)
    await cell(page, 3).locator('.output_png img').waitFor()
    expect(await page.content()).not.toContain('canary-typed-in-jupyter')
    await picture(page, 'jupyter-by-hand')
    await page.close()
  })
})
