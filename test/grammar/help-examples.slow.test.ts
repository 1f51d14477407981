import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rows } from '../../src/catalogue/index.ts'
import { helpedWords, verbHelp, wordHelp } from '../../src/grammar/index.ts'

const root = resolve(import.meta.dirname, '..', '..')

/** What a help text says to type, if it does. */
function exampleIn(text: string): string | undefined {
  return /\nExample\n {2}(.+)\n/.exec(text)?.[1]
}

describe('the examples of help', () => {
  it('compile, every one, as a strict reader would type them', () => {
    const operations = rows().filter(({ api }) => api === 'management')
    const texts = [
      ...operations.map((row) => String(verbHelp(row))),
      ...helpedWords().map((word) => String(wordHelp(word))),
    ]
    const examples = texts.map(exampleIn).filter((example) => example !== undefined)
    expect(examples.length).toBeGreaterThan(490)
    const code = [
      "import type { Session } from '../../src/index.ts'",
      'declare const auth0: Session',
      "declare const user: import('../../src/sandbox.ts').Sandbox['seed']['users'][number]",
      "declare const enrolment: import('../../src/index.ts').OobEnrollment",
      'declare const mfaToken: string, refreshToken: string, accessToken: string, device_code: string',
      'export const examples = [',
      ...examples.map((example) => `  () => ${example},`),
      ']',
    ].join('\n')
    mkdirSync(join(root, '.cache'), { recursive: true })
    const folder = mkdtempSync(join(root, '.cache', 'examples-'))
    try {
      writeFileSync(join(folder, 'examples.ts'), code)
      const config = { extends: '../../tsconfig.json', include: ['examples.ts'], compilerOptions: { noEmit: true } }
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
      const compiler = join(root, 'node_modules', 'typescript7', 'bin', 'tsc')
      const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { cwd: folder, encoding: 'utf8' })
      expect(stdout.split('\n').filter((line) => line.includes('error'))).toEqual([])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
