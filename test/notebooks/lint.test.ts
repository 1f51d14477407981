import { describe, expect, it } from 'vitest'
import { textOf } from '../../scripts/notebook-format.mjs'
import { SECRET_SHAPES, shownBy, stored } from './stored.ts'
import { findTraps } from './traps.ts'

const rules = (...cells: string[]): string[] => findTraps(cells).map(({ rule }) => rule)

describe('the search for traps', () => {
  it.each([
    ['for await (const user of plan) console.log(user)', /for await/],
    ['await (run())', /bracket/],
    ['const a = await [run()]', /bracket/],
    ['export const a = 1', /export/],
    ['console.log(import.meta.url)', /import\.meta/],
  ])('finds %s', (source, rule) => {
    expect(rules(source).join('\n')).toMatch(rule)
  })

  it('finds a shorthand of an earlier cell, an import included', () => {
    expect(rules('const tenant = 1', 'f({ tenant })').join()).toContain('{ tenant }')
    expect(rules("import { lab } from 'x'", 'f({ lab })').join()).toContain('{ lab }')
    expect(rules('let count = 1', '({ count } = read())').join()).toContain('does nothing')
  })

  it('lets pass what works', () => {
    expect(rules('const tenant = 1', 'f({ tenant: tenant })')).toEqual([])
    expect(rules('const tenant = 1', 'const g = ({ tenant }) => f({ tenant })')).toEqual([])
    expect(rules('const a = 1\nf({ a })')).toEqual([])
    expect(rules('await ready\nfor await (const user of plan) console.log(user)')).toEqual([])
    expect(rules('const f = async () => { for await (const user of plan) console.log(user) }\nawait f()')).toEqual([])
    expect(rules('const page = await plan.run()\nf(await next())')).toEqual([])
  })
})

describe('the search for secrets', () => {
  const finds = (text: string): boolean => SECRET_SHAPES.some((shape) => shape.test(text))

  it('finds tokens, keys, passwords and barcodes', () => {
    expect(finds('eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.sig')).toBe(true)
    expect(finds("client_secret: 'abcdefgh1234'")).toBe(true)
    expect(finds('"password": "correct horse"')).toBe(true)
    expect(finds('otpauth://totp/x?secret=JBSWY3DP')).toBe(true)
  })

  it('lets hidden ones pass', () => {
    expect(finds("access_token: '«secret»'")).toBe(false)
    expect(finds('client_secret=$CLIENT_SECRET')).toBe(false)
  })
})

describe('the stored notebooks', () => {
  for (const { name, notebook } of stored) {
    describe(name, () => {
      const code = notebook.cells.filter((cell) => cell.cell_type === 'code')

      it('falls into none of tslab’s traps', () => {
        expect(findTraps(code.map((cell) => textOf(cell.source)))).toEqual([])
      })

      it('begins with a title and explains before it runs', () => {
        expect(textOf(notebook.cells[0]?.source)).toMatch(/^# /)
        const prose = notebook.cells.filter((cell) => cell.cell_type === 'markdown')
        expect(prose.length).toBeGreaterThanOrEqual(code.length / 2)
      })

      it('is for tslab and stores nothing of one run alone', () => {
        expect(notebook.metadata.kernelspec).toMatchObject({ name: 'tslab', language: 'typescript' })
        const ids = notebook.cells.map((cell) => cell.id)
        expect(new Set(ids).size).toBe(ids.length)
        for (const cell of code) {
          expect(cell.execution_count).toBeNull()
          expect(Object.keys(cell.metadata).filter((key) => key !== 'tags')).toEqual([])
        }
      })

      it('stores outputs, and no secret or machine path among them', () => {
        const shown = code.map((cell) => shownBy(cell.outputs ?? [])).join('\n')
        expect(code.filter((cell) => (cell.outputs ?? []).length > 0).length).toBeGreaterThanOrEqual(code.length / 2)
        for (const shape of SECRET_SHAPES) expect(shown).not.toMatch(shape)
        expect(shown).not.toMatch(/\/(?:home|root|work|tmp|Users)\/|node_modules|evalmachine/)
      })

      it('takes its tenant from lab(), which stays in the sandbox', () => {
        const sources = code.map((cell) => textOf(cell.source)).join('\n')
        expect(sources).toMatch(/await lab\(\{ seed: '/)
        expect(sources).not.toMatch(/process\.env|connect\(\)/)
        expect(sources).toContain('await finish()')
      })
    })
  }
})
