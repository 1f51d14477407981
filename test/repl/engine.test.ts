import { afterEach, describe, expect, it } from 'vitest'
import { type Engine, openEngine } from '../../src/repl/engine.ts'
import { prepare } from '../../src/repl/prepare.ts'

const complaints: string[] = []
let engine: Engine

async function value(code: string): Promise<unknown> {
  const outcome = await engine.evaluate(code)
  if (outcome.status === 'error') throw outcome.error
  return outcome.status === 'value' ? outcome.value : outcome.status
}

describe('evaluating', () => {
  afterEach(() => engine.close())
  const opened = (run: () => Promise<void>) => async () => {
    complaints.length = 0
    engine = openEngine((text) => complaints.push(text))
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

  it('leaves alone what only looks like a declaration', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the template is part of the code that is tested.
    const code = "f(() => { const a = 1; let b })\nif (a) { class B {} }\nconst s = `const x ${'let y'}`; x = /const y/"
    expect(prepare(code)).toBe(code.replace('\nconst s', '\nvar s'))
    expect(prepare('import.meta.url; import("x")')).toBe('import.meta.url; import("x")')
    expect(prepare('for (const a of b) c(a)')).toBe('for (const a of b) c(a)')
  })
})

const path = (text: string): string => text
