import type { Browser } from 'playwright-core'
import { afterAll, describe, expect, it } from 'vitest'
import { row } from '../../src/catalogue/index.ts'
import { attachLook, bundleOf } from '../../src/display/index.ts'
import type { StoredOutput } from '../../src/notebook/document/index.ts'
import { picture, startChromium } from '../browser/chromium.ts'
import { everyNotebook } from '../notebooks/stored.ts'
import { requires } from '../support/index.ts'
import { LabPage, type Theme } from './jupyterlab/page.ts'

const DATA = 'application/vnd.tenantlab+json'
const IDS = ['user_id', 'client_id', 'log_id', 'id', 'name']

/** What a list holds, in its order: the first text of each item that stands in the display. */
function listed(output: StoredOutput): readonly string[] {
  const data = output.data?.[DATA] as { items?: unknown } | unknown[] | undefined
  const items = Array.isArray(data) ? data : data !== undefined && Array.isArray(data?.items) ? data.items : []
  return items.flatMap((item: Record<string, unknown>) => {
    const key = IDS.find((each) => typeof item?.[each] === 'string')
    return key === undefined ? [] : [item[key] as string]
  })
}

/** Texts whose first occurrence does not come after that of the one before. */
function outOfOrder(text: string, texts: readonly string[]): readonly string[] {
  const whole = text.replace(/\s+/g, ' ')
  const places = texts.map((each) => whole.indexOf(each.replace(/\s+/g, ' ')))
  return texts.filter((_, index) => index > 0 && (places[index] as number) < (places[index - 1] as number))
}

const display = (value: unknown): StoredOutput => ({
  output_type: 'display_data',
  data: { ...bundleOf(value) },
  metadata: {},
})
const far = `https://${'a-long-name-'.repeat(6)}.example.com/callback?state=${'x'.repeat(30)}`
/** Two of the kind that no notebook of the repository shows: wide rows, and a record with code and hostile texts. */
const further = [
  display(
    attachLook(
      Array.from({ length: 12 }, (_, at) => ({
        client_id: `client-${'0123456789'.repeat(3)}-${at}`,
        name: `Application ${at}`,
        callbacks: [far, far],
        description: 'several words that need more room than a cell has '.repeat(3),
        initiate_login_uri: far,
        logo_uri: far,
      })),
      { row: row('clients.list')! },
    ),
  ),
  display(
    attachLook(
      {
        user_id: 'auth0|1',
        name: '<b style="position:absolute">A</b>',
        picture: far,
        app_metadata: { deep: { er: [1, 2] } },
      },
      { row: row('users.get')! },
    ),
  ),
]

describe.each(['light', 'dark'] as const)('N1 JupyterLab, %s, does not trust', (theme: Theme) => {
  let browser: Browser | undefined
  let lab: LabPage | undefined
  const open = async (): Promise<LabPage> => {
    browser ??= await startChromium()
    lab ??= await LabPage.open(browser, theme)
    return lab
  }
  afterAll(() => browser?.close())

  const cases = [
    ...everyNotebook.map(({ name, notebook }) => ({
      name,
      outputs: notebook.cells.flatMap((cell) => cell.outputs ?? []),
    })),
    { name: 'wide rows and code', outputs: further },
  ]
  it.for(cases)('$name, and it can be read', async ({ name, outputs }, context) => {
    requires(context, 'chromium')
    const page = await open()
    const seen = await page.see(outputs)
    await picture(page.page, `jupyterlab-${theme}-${name.replace(/\W+/g, '-')}`, true)
    expect(seen.types).not.toContain(undefined)
    expect(seen.texts).toHaveLength(outputs.length)
    expect(seen.overlapping).toEqual([])
    expect(seen.faint).toEqual([])
    expect(seen.outside).toEqual([])
    expect(outputs.flatMap((output, at) => outOfOrder(seen.texts[at] ?? '', listed(output)))).toEqual([])
  })
})
