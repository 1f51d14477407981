import { describe, expect, it } from 'vitest'
import { type Engine, openEngine } from '../../src/repl/engine.ts'

let engine: Engine

async function value(code: string): Promise<unknown> {
  const outcome = await engine.evaluate(code)
  if (outcome.status === 'error') throw outcome.error
  return outcome.status === 'value' ? outcome.value : outcome.status
}

describe('evaluating', () => {
  const opened = (run: () => Promise<void>) => async () => {
    engine = openEngine()
    await run()
  }

  it(
    'takes TypeScript, await, and declarations over and over',
    opened(async () => {
      await value('interface User { name: string }')
      await value("const user: User = { name: 'a' }")
      await value("const user: User = { name: 'b' }")
      expect(await value('user.name as string')).toBe('b')
      await value('const { a, ...rest } = await Promise.resolve({ a: 1, b: 2 })')
      await value('let a = a + 1')
      expect(await value('[a, rest.b]')).toEqual([2, 2])
      await value('class A { x = 1 }')
      await value('class A { x = 2 }\nlet after = 3')
      expect(await value('new A().x + after')).toBe(5)
      await value('enum E { One = 1 }')
      expect(await value('E.One')).toBe(1)
    }),
  )

  it(
    'takes every form of import',
    opened(async () => {
      await value("import { join as put, sep } from 'node:path'")
      await value("import * as path from 'node:path'")
      await value("import standard, { dirname } from 'node:path'; const used = dirname('/a/b')")
      await value("import 'node:fs'")
      expect(await value("put('a', 'b') + sep")).toBe(path('a/b/'))
      expect(await value('typeof path.join + typeof standard.join + used')).toBe('functionfunction/a')
      await value("import type { Nothing } from 'nowhere'")
    }),
  )

  it(
    'asks for more within brackets, templates, comments and expressions',
    opened(async () => {
      for (const code of ['const x: {', 'f(', '`a', '/* a', '1 +', 'const y = [1,\n2']) {
        expect(await engine.evaluate(code), code).toEqual({ status: 'incomplete' })
      }
      expect((await engine.evaluate("'a")).status).toBe('error')
    }),
  )

  it(
    'hands on what code throws, at once and after an await, and tells of what comes later',
    opened(async () => {
      for (const code of [
        'nope()',
        'await nope()',
        'await Promise.reject(new TypeError("x"))',
        'throw new Error("y")',
      ]) {
        expect((await engine.evaluate(code)).status, code).toBe('error')
      }
      expect(await value('await 1')).toBe(1)
      expect(await value('{ a: 1 }')).toEqual({ a: 1 })
    }),
  )

  it(
    'leaves alone what only looks like a declaration',
    opened(async () => {
      await value('const made: string[] = []; const f = (run: () => void) => run()')
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is part of the code that is tested.
      await value("f(() => { const a = 1; let b; made.push(`const x ${'let y' + a + b}`) })\nif (made) { class B {} }")
      await value("for (const each of [1]) made.push(String(/const y/.test('const y')) + each)")
      expect(await value('made')).toEqual(['const x let y1undefined', 'true1'])
      expect(await value('[typeof a, typeof B, typeof each, typeof import.meta.url]')).toEqual([
        'undefined',
        'undefined',
        'undefined',
        'string',
      ])
    }),
  )

  it(
    'answers a text that stands alone, which a script would take for a directive',
    opened(async () => {
      expect(await value('"x"')).toBe('x')
      expect(await value("'first'; 'last'")).toBe('last')
      expect(await value("  'a b';  ")).toBe('a b')
    }),
  )

  it(
    'R20 reads a statement to its end, whatever stands in its texts and patterns',
    opened(async () => {
      expect(await value('if (true) /[(]/.test("a")')).toBe(false)
      expect(await value('if (1 > 2) { 1 } else { 3; 4 }')).toBe(4)
      expect(await value('try { await Promise.reject(1) } catch { 5 }')).toBe(5)
      expect(await value('while (false) /[[(]/.exec("")\n1')).toBe(1)
      expect(await value('const n = 4; n / 2 / (1)')).toBe(2)
      expect(await value('let i = 4; i++ / 2')).toBe(2)
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is part of the code that is tested.
      expect(await value('`a${ /[}`]/.test("}") ? `(${1})` : ""}`')).toBe('a(1)')
      expect(await value("const generic = <T,>(x: T): T => x; generic<string>('(')")).toBe('(')
      expect(await value('({}).x ?? /[{]/.source // )')).toBe('[{]')
    }),
  )

  it(
    'leaves the global object as it is',
    opened(async () => {
      const before = Reflect.ownKeys(globalThis)
      await value(
        'const kept = 1; loose = 2; var old = 3; for (var inner = 0; inner < 2; inner++) { var deep = inner }',
      )
      await value('while (true) { break }')
      expect(await value('[kept, loose, old, inner, deep]')).toEqual([1, 2, 3, 2, 1])
      expect(Reflect.ownKeys(globalThis)).toEqual(before)
      expect(await value('typeof fs.readFileSync + typeof require')).toBe('functionfunction')
    }),
  )
})

const path = (text: string): string => text
