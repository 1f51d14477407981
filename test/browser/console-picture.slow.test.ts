import { expect, it } from 'vitest'
import { missing, PseudoTerminal } from '../repl/pseudo-terminal.ts'
import { requires } from '../support/index.ts'
import { picture, startChromium } from './chromium.ts'

/** What a reader would see, drawn by a browser: the terminal's text, one look per screen. */
it('the console looks as the README shows it', async (context) => {
  requires(context, 'chromium')
  const reason = missing()
  if (reason !== undefined) context.skip(reason)
  const console = new PseudoTerminal(['repl', '--sandbox'], { columns: 110 })
  const browser = await startChromium()
  try {
    let text = await console.prompt()
    for (const statement of [
      '.find token quota',
      'auth0.tenant().quotas().clients({ perDay: 200 })',
      '.diff',
      '.run',
      'await auth0.users.list({ per_page: 1 }).run()',
    ]) {
      text += await console.statement(statement)
    }
    expect(text).toContain('Nothing has been sent')
    const page = await browser.newPage({ viewport: { width: 1000, height: 1100 } })
    await page.setContent(
      '<body style="margin:0;background:#1b1d23"><pre style="margin:20px;font:13px/1.45 monospace;color:#e6e6e6"></pre>',
    )
    await page.locator('pre').evaluate(
      (pre, shown) => {
        pre.textContent = shown
      },
      text.replaceAll('\r', ''),
    )
    await picture(page, 'console')
  } finally {
    await console.close()
    await browser.close()
  }
})
