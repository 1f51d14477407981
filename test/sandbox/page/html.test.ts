import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, Markup } from '../../../src/sandbox/markup/index.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('"><script>alert(1)</script>', "' onload='x", '&lt;', '\u0000\u001b[2J', '\u202e\ud800\u2028'),
)

describe('the templates of the page', () => {
  it('let no text become a tag, an attribute or a control character', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.array(hostile, { maxLength: 3 }), (id, text, list) => {
        const made = html`<p id="${id}">${text}${list}${undefined}</p>`.text
        expect(made).toMatch(/^<p id="[^"<>]*">[^<>]*<\/p>$/)
        expect(made).not.toMatch(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(made.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/&|'/)
      }),
      { numRuns: 300 },
    )
  })

  it('leave markup as it is, and nothing that only looks like it', () => {
    expect(html`<b>${html`<i>${1}</i>`}</b>`.text).toBe('<b><i>1</i></b>')
    expect(() => html`${{ text: '<b>' } as unknown as string}`).toThrow(TypeError)
    expect(html`x`).toBeInstanceOf(Markup)
  })
})
