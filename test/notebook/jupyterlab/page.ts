import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import type { StoredOutput } from '../../../src/notebook/document/index.ts'

export type Theme = 'light' | 'dark'

const { resolve: find } = createRequire(import.meta.url)
const look = readFileSync(join(import.meta.dirname, '..', 'look-at-outputs.js'), 'utf8')

/** What a page shows of its outputs: boxes of text, and how well they can be read. */
export interface Seen {
  readonly overlapping: readonly string[]
  readonly faint: readonly string[]
  readonly outside: readonly string[]
  readonly texts: readonly string[]
  readonly styled: number
}

/** A page of JupyterLab's renderers, with one of its two themes. */
export class LabPage {
  readonly #page: Page
  readonly #html: string

  private constructor(page: Page, html: string) {
    this.#page = page
    this.#html = html
  }

  static async open(browser: Browser, theme: Theme): Promise<LabPage> {
    const [script, styles, themed] = await Promise.all([
      bundled({ entryPoints: [join(import.meta.dirname, 'page.js')] }, '.js'),
      bundled({ entryPoints: [join(import.meta.dirname, 'page.js')] }, '.css'),
      bundled({ entryPoints: [find(`@jupyterlab/theme-${theme}-extension/style/theme.css`)] }, '.css'),
    ])
    const page = await browser.newPage({ viewport: { width: 1000, height: 800 } })
    // What JupyterLab's notebook and output area add, whose packages are not here: the ground, and how text breaks.
    const own =
      'body{margin:0;padding:8px 16px;background:var(--jp-layout-color0);color:var(--jp-content-font-color1);font-family:var(--jp-content-font-family);font-size:var(--jp-content-font-size1)}.jp-OutputArea-output{overflow:auto;padding:6px 0}.jp-OutputArea-output pre{word-break:break-all;word-wrap:break-word;white-space:pre-wrap}.jp-OutputArea-output.jp-RenderedHTMLCommon table{margin-left:0;margin-right:0}'
    const html = `<!doctype html><meta charset="utf-8"><style>${themed}${styles}${own}</style><body class="jp-ThemedContainer" data-jp-theme-light="${theme === 'light'}"><script>${script.replaceAll('</script', '<\\/script')}</script></body>`
    return new LabPage(page, html)
  }

  /** Draws outputs that are not trusted, and looks at them. */
  async see(outputs: readonly StoredOutput[]): Promise<Seen & { readonly types: readonly (string | undefined)[] }> {
    await this.#page.setContent(this.#html)
    const drawn = JSON.stringify(outputs).replaceAll('<', '\\u003c')
    const types = await this.#page.evaluate<(string | undefined)[]>(`draw(${drawn})`)
    return { types, ...(await this.#page.evaluate<Seen>(look)) }
  }

  /** Draws the prose of a notebook that is not trusted; answers how wide each of its pictures is. */
  async seeProse(cells: readonly object[]): Promise<readonly number[]> {
    await this.#page.setContent(this.#html)
    await this.#page.evaluate(`drawProse(${JSON.stringify(cells).replaceAll('<', '\\u003c')})`)
    return this.#page.evaluate<number[]>(
      'Promise.all(Array.from(document.images, async (image) => { await image.decode(); return image.naturalWidth }))',
    )
  }

  get page(): Page {
    return this.#page
  }
}

async function bundled(entry: { readonly entryPoints: string[] }, extension: string): Promise<string> {
  const { outputFiles } = await build({
    ...entry,
    bundle: true,
    write: false,
    outdir: 'nowhere',
    format: 'iife',
    platform: 'browser',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    loader: Object.fromEntries(['svg', 'woff', 'woff2', 'ttf', 'eot', 'png'].map((each) => [`.${each}`, 'dataurl'])),
    logLevel: 'error',
  })
  return outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? ''
}
