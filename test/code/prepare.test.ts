import { SourceMap } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepare, scan } from '../../src/code/index.ts'

const PIECES = [
  'const a: number = 1',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is part of the code that is read.
  'let b = `x\n${1}\ny`',
  'import { join as put, sep } from "node:path"',
  'import type {\n  Stats\n} from "node:fs"',
  'interface User {\n  name: string\n}',
  'enum Kind {\n  One = 1,\n  Two,\n}',
  'class Box<T> {\n  constructor(private readonly inner: T) {}\n}',
  'function twice(n: number): number {\n  return n * 2\n}',
  'export const named = 1 as const',
  'const own = 1\nexport {\n  own,\n}',
  'if (true) {\n  var deep = 1\n}',
  'a satisfies number',
  'for (const each of [1]) /[(]/.test(String(each))',
]

describe('prepared code', () => {
  it('keeps each line on its line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...PIECES), { minLength: 1 }), async (pieces) => {
        const source = `${pieces.join('\n')}\nthrow_here()`
        const { body } = await prepare(source)
        const line = (text: string) => text.split('\n').findIndex((each) => each.includes('throw_here'))
        expect(line(body)).toBe(line(source))
      }),
      { numRuns: 60 },
    )
  })

  it('has a source map that leads to what was typed, by column', async () => {
    const source = 'const n: number = 1, user: { id: string } = find()\nuser.missing()'
    const prepared = await prepare(source, 'cell 1.ts')
    const map = new SourceMap(JSON.parse(prepared.map()))
    for (const word of ['find', 'missing']) {
      const at = (text: string): { line: number; column: number } => {
        const line = text.split('\n').findIndex((each) => each.includes(word))
        return { line, column: text.split('\n')[line]?.indexOf(word) ?? -1 }
      }
      const made = at(prepared.body)
      expect(map.findEntry(made.line, made.column)).toMatchObject({
        originalSource: 'cell 1.ts',
        originalLine: at(source).line,
        originalColumn: at(source).column,
      })
    }
  })

  it('says where what does not parse goes wrong', async () => {
    for (const [source, line] of [
      ['const a = 1\nconst b = )', 2],
      ['let x: = 3', 1],
      ['\n\nfoo(}', 3],
    ] as const) {
      const error = await prepare(source).catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(SyntaxError)
      expect(error).toMatchObject({ loc: { line }, message: expect.not.stringMatching(/\(\d+:\d+\)|transforming/) })
    }
  })

  it('tells what it makes, assigns and waits for', async () => {
    expect(await prepare('const { a, ...b } = await c; d = 1; [e] = f')).toMatchObject({
      names: ['a', 'b'],
      assigned: ['d', 'e'],
      waits: true,
      loops: false,
    })
    expect(await prepare('const f = async () => { await g; for (;;) {} }')).toMatchObject({
      waits: false,
      loops: false,
    })
    expect(await prepare('for await (const x of y) z(x)')).toMatchObject({ waits: true, loops: true })
    expect(await prepare('export default (1);')).toMatchObject({ names: [] })
  })
})

describe('tokens', () => {
  it('R20 know a pattern from a division, and what stands in a template', () => {
    const texts = (code: string) => scan(code).tokens.map(({ text }) => text)
    expect(texts('if (a) /[(]/.test(b)')).toContain('/[(]/')
    expect(texts('f(a) / 2 / g')).toEqual(['f', '(', 'a', ')', '/', '2', '/', 'g'])
    expect(texts('}\n/[}]/g.exec(a)')).toContain('/[}]/g')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the code that is read.
    expect(scan('`a ${f({ b: 1 })} c').unfinished).toBe(true)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is the code that is read.
    expect(scan('`a ${f({ b: /[`]/ })} c`').unfinished).toBe(false)
    expect(scan('f( /* ) */').unfinished).toBe(true)
    expect(scan("'a").unfinished).toBe(false)
  })
})
