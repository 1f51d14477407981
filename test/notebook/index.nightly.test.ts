import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { picture, startChromium } from '../browser/chromium.ts'
import { everyNotebook } from '../notebooks/stored.ts'
import { requires } from '../support/index.ts'
import { Jupyter } from './jupyter-server.ts'
import { LabPage } from './jupyterlab/page.ts'
import { root } from './kernels.ts'

/** What dark themes of the classic Notebook change, as far as the index shows it. */
const DARK = `
  body, #header, #header-container, #menubar .navbar, .navbar-default, #maintoolbar, #site, #notebook, #notebook-container, div.cell, .rendered_html { background: #111 !important; color: #ddd !important }
  .rendered_html a { color: #8cc8ff !important }
  .rendered_html h1, .rendered_html h2, .rendered_html h3 { color: #eee !important }
`

// The index as a stranger opens it: not trusted, in the classic Notebook. The screenshots are build artefacts.
describe('N16: the index of the notebooks', () => {
  let jupyter: Jupyter | undefined
  let browser: Browser | undefined
  let page: Page | undefined

  beforeEach(async (context) => {
    requires(context, 'chromium', 'notebook')
    if (page !== undefined) return
    browser = await startChromium()
    jupyter = await Jupyter.start()
    copyFileSync(join(root, 'notebooks', 'index.ipynb'), jupyter.path('index.ipynb'))
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } })
    await page.goto(`${jupyter.url}notebooks/index.ipynb`)
    await page.waitForSelector('.rendered_html img', { timeout: 30_000 })
    await page.waitForTimeout(500)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await jupyter?.close()
  })

  it('has a picture of each notebook, drawn, and a link to it', async () => {
    const drawn = await page?.evaluate<number[]>(
      'Array.from(document.querySelectorAll(".rendered_html a img"), (image) => image.naturalWidth)',
    )
    expect(drawn).toHaveLength(everyNotebook.length)
    expect(drawn?.filter((width) => width < 400)).toEqual([])
    const links = await page?.evaluate<string[]>(
      'Array.from(document.querySelectorAll(".rendered_html h3 a:first-child"), (link) => link.getAttribute("href"))',
    )
    const names = everyNotebook.map(({ path, name }) => (path.includes('runbooks') ? `runbooks/${name}` : name))
    expect(links?.toSorted()).toEqual(names.toSorted())
  })

  it.each(['light', 'dark'])('is kept as a picture, %s', async (theme) => {
    if (page === undefined) throw new Error('The page did not open.')
    if (theme === 'dark') await page.addStyleTag({ content: DARK })
    // The Notebook scrolls inside of itself: made as high as its content, one picture has all of it.
    const height = await page.evaluate<number>('document.querySelector("#notebook-container").scrollHeight')
    await page.setViewportSize({ width: 1280, height: Math.min(height + 200, 16_000) })
    await picture(page, `index-${theme}`)
    expect(height).toBeGreaterThan(5_000)
  })
})

// The other front end of N1: JupyterLab's own renderers and themes, on a page of our own.
describe.each(['light', 'dark'] as const)('N16: the index in JupyterLab, %s', (theme) => {
  let browser: Browser | undefined
  afterAll(() => browser?.close())

  it('has a picture of each notebook, and is kept as a picture', { timeout: 60_000 }, async (context) => {
    requires(context, 'chromium')
    browser = await startChromium()
    const lab = await LabPage.open(browser, theme)
    const { cells } = JSON.parse(readFileSync(join(root, 'notebooks', 'index.ipynb'), 'utf8')) as { cells: Prose[] }
    const widths = await lab.seeProse(cells.map((cell) => ({ ...cell, source: cell.source.join('') })))
    expect(widths).toHaveLength(everyNotebook.length)
    expect(widths.filter((width) => width < 400)).toEqual([])
    const height = await lab.page.evaluate<number>('document.documentElement.scrollHeight')
    await lab.page.setViewportSize({ width: 1280, height: Math.min(height, 16_000) })
    await picture(lab.page, `index-jupyterlab-${theme}`)
  })
})

interface Prose {
  readonly source: readonly string[]
}
