import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './snippets.ts'

const ONE_SCREEN = 50

it('the README says what this is, how to install it and how it reads within one screen, before its first table', () => {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n')
  const table = lines.findIndex((line) => line.startsWith('|'))
  const door = lines.slice(0, table)
  expect(door.length).toBeLessThanOrEqual(ONE_SCREEN)
  const text = door.join('\n')
  expect(text).toMatch(/npm install \.\/tenantlab-[\d.]+\.tgz/)
  expect(text).toMatch(/^!\[[^\]]+\]\(docs\/pictures\//m)
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(text) ?? []
  const statements = example.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('import '))
  expect(statements.length).toBeLessThanOrEqual(10)
  expect(example).toContain('.andThen(')
})
