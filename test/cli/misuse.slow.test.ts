import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const cli = resolve(import.meta.dirname, '..', '..', 'dist', 'cli.js')

describe('R40 what a word names and is not there, or is something else, is misuse', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'misuse-'))
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'torn.json'), '{')
    writeFileSync(join(folder, 'other.json'), '{"a":1}')
    writeFileSync(
      join(folder, 'book.ts'),
      "import { defineRunbook } from 'tenantlab/runbook'\nexport default defineRunbook({ name: 'b', async *steps() {} })\n",
    )
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each([
    ['run nope.ts', 'There is no file nope.ts.'],
    ['run folder', 'folder is a folder.'],
    ['plan nope.ts', 'There is no file nope.ts.'],
    ['plan folder', 'folder is a folder.'],
    ['plan nope.ipynb', 'There is no file nope.ipynb.'],
    ['help run nope.ts', 'There is no file nope.ts.'],
    ['show nope.json', 'There is no plan file nope.json.'],
    ['show folder', 'folder is a folder. Give the file that tenantlab plan -o wrote.'],
    ['show other.json', 'other.json is not a plan file.'],
    ['apply nope.json', 'There is no plan file nope.json.'],
    ['apply torn.json', 'torn.json cannot be read as a plan file.'],
    ['undo nope.jsonl', 'There is no journal nope.jsonl.'],
    ['undo folder', 'folder is a folder.'],
    ['undo other.json', 'other.json'],
    ['export nope.ipynb', 'There is no file nope.ipynb.'],
    ['export folder', 'is a folder.'],
    ['notebooks run nope.ipynb', 'There is no notebook nope.ipynb.'],
    ['notebooks clean nope.ipynb', 'There is no notebook nope.ipynb.'],
    ['run book.ts', 'connect(): no domain is known.'],
    ['run book.ts --tenant nope', 'There is no stored tenant "nope"'],
    ['repl --eval auth0', 'No tenant is named: AUTH0_DOMAIN is not set'],
    ['logs', 'connect(): no domain is known.'],
  ])('tenantlab %s', (words, told) => {
    const env = { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder }
    const ran = spawnSync(process.execPath, [cli, ...words.split(' ')], {
      cwd: folder,
      env,
      encoding: 'utf8',
      input: '',
      timeout: 60_000,
    })
    expect(ran.stderr).toContain(told)
    expect(ran.stderr).not.toMatch(/\n +at /)
    expect(ran.status).toBe(64)
  })
})
