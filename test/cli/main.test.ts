import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { commands } from '../../src/cli/commands/index.ts'
import { main } from '../../src/cli/main.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-main-'))
  writeFileSync(join(folder, 'broken.ipynb'), '{ "cells": ')
  writeFileSync(join(folder, 'plan.json'), '[]')
})
afterAll(() => rmSync(folder, { recursive: true }))

async function tenantlab(...words: string[]) {
  const said = { out: '', err: '' }
  const code = await main(words, {
    write: (text) => {
      said.out += `${text}\n`
    },
    warn: (text) => {
      said.err += `${text}\n`
    },
  })
  return { code, ...said }
}

describe('R18 one command line', () => {
  it('tells its version, and one help of every command', async () => {
    expect(await tenantlab('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    const { out } = await tenantlab('help')
    for (const { name } of commands) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'))
    for (const { name } of commands) {
      const help = await tenantlab('help', name)
      expect(help.code).toBe(0)
      expect(help.out).toContain(`tenantlab ${name}`)
      expect(help.out).toContain('Exit codes')
      expect(await tenantlab(name, '--help')).toEqual(help)
      expect(await tenantlab(name, '-h')).toEqual(help)
    }
  }, 120_000)

  it.each([
    [['aply', 'plan.json'], 'Did you mean "apply"?'],
    [['help', 'rnu'], 'Did you mean "run"?'],
    [['--json', 'tour'], 'Name the command first'],
    [['—version'], 'Write --version'],
    [['--version', 'please'], '"please" would be left out'],
    [['repl', '--quite'], 'Did you mean --quiet?'],
    [['sandbox', '--prt', '1'], 'Did you mean --port?'],
    [['sandbox', '--port', '70000'], '--port takes a whole number from 0 to 65535'],
    [['sandbox', '--lag', 'serch=2s'], 'Did you mean search?'],
    [['apply', 'a.json', 'b.json'], '"b.json" would be left out'],
    [['undo', 'J', '—check'], 'Write --check'],
    [['start', 'now'], '"now" would be left out'],
    [['tour', 'nope'], 'The tour has no flow "nope"'],
    [['tenants', 'chose', 'x'], '"use NAME" chooses one'],
    [['notebooks', 'chek', 'x.ipynb'], 'Did you mean check?'],
    [['notebooks', 'clean', 'x.ipynb', '--stock'], '--stock would be left out'],
    [['login', '--domain', 'd', '--client-id', 'c', '--environment', 'prod'], 'takes production'],
    [['run'], 'needs a FILE'],
    [['tenants', 'remove'], 'needs the NAME of a stored tenant'],
    [['help', 'run', 'nope.ts'], 'There is no file nope.ts'],
    [['logs', '--number', '-3'], '--number takes a whole number'],
    [['repl', '--csv', '--json', '--eval', '1'], 'Give one'],
    [['repl', '--force'], 'would be left out'],
    [['login', '--domain', 'd', '--client-id', 'c', '--key-id', 'k'], 'it is for --private-key'],
    [['run', 'scripts/needs.mjs', '--chek'], 'Did you mean --check?'],
    [['run', 'scripts/needs.mjs', '--profile', 'staging', '--tenant', 'prod'], 'differ'],
    [['complete', 'bsh'], 'Did you mean bash?'],
    [['run', 'notebooks/05-token-quotas.ipynb', '--params', 'f.json'], '--params f.json: the file cannot be read'],
    [['plan', 'notebooks/05-token-quotas.ipynb', '--params', 'f.json'], '--params f.json: the file cannot be read'],
    [['notebooks', 'run', 'notebooks/05-token-quotas.ipynb', '-p', 'perday=5'], 'would do nothing'],
  ])('R40 answers 64 to %j', async (words, sentence) => {
    const { code, out, err } = await tenantlab(...words)
    expect({ code, out }).toEqual({ code: 64, out: '' })
    expect(err).toContain(sentence)
    expect(err).not.toMatch(/ {4}at |ERR_PARSE/)
  })

  it('N18 a folder stands for the notebooks below it as well, not for copies of Jupyter', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln'
    const cells = [{ cell_type: 'markdown', metadata: {}, source: token }]
    const text = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: 'tslab' } }, cells })
    for (const name of [
      'deep/er/a.ipynb',
      'deep/b.ipynb',
      'deep/.ipynb_checkpoints/c.ipynb',
      'deep/node_modules/d.ipynb',
    ]) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const { code, out, err } = await tenantlab('notebooks', 'check', join(folder, 'deep'))
    expect(code).toBe(1)
    for (const name of ['a', 'b']) expect(out + err).toContain(`${name}.ipynb`)
    expect(out + err).not.toMatch(/[cd]\.ipynb/)
  })

  it.each([
    [['notebooks', 'check', 'nope.ipynb'], 1, 'There is no notebook nope.ipynb'],
    [['notebooks', 'clean', 'nope.ipynb'], 64, 'There is no notebook nope.ipynb'],
    [['notebooks', 'check', 'broken.ipynb'], 1, 'broken.ipynb'],
    [['export', 'nope.ipynb'], 64, 'There is no file nope.ipynb'],
    [['export', '.'], 64, 'is a folder'],
    [['show', 'nope.json'], 64, 'nope.json'],
    [['show', 'plan.json'], 64, 'plan.json'],
    [['undo', 'nope.jsonl'], 64, 'nope.jsonl'],
  ])('R22 answers %j with %i and a sentence', async (words, exitCode, sentence) => {
    const before = process.cwd()
    process.chdir(folder)
    try {
      const { code, err } = await tenantlab(...words)
      expect(code).toBe(exitCode)
      expect(err).toContain(sentence)
      expect(err).not.toMatch(/^ +at |node:internal/m)
    } finally {
      process.chdir(before)
    }
  })

  it.each([
    [['run', 'nope.ts'], 'There is no file nope.ts'],
    [['run', 'nope.ipynb'], 'There is no file nope.ipynb'],
    [['run', '.'], 'is a folder'],
    [['plan', 'nope.mjs'], 'There is no file nope.mjs'],
    [['plan', '.'], 'is a folder'],
    [['plan', 'nope.ipynb'], 'There is no file nope.ipynb'],
    [['apply', 'nope.json'], 'There is no plan file nope.json'],
    [['apply', '.'], '. is a folder. Give the file that tenantlab plan -o wrote'],
    [['show', 'nope.json'], 'There is no plan file nope.json'],
    [['show', '.'], '. is a folder. Give the file that tenantlab plan -o wrote'],
    [['undo', 'nope.jsonl'], 'There is no journal nope.jsonl'],
    [['undo', '.'], 'is a folder'],
    [['export', 'nope.ipynb'], 'There is no file nope.ipynb'],
    [['export', '.'], 'is a folder'],
    [['notebooks', 'run', 'nope.ipynb'], 'There is no notebook nope.ipynb'],
    [['notebooks', 'run', '.'], '. is a folder. Give the path of an .ipynb file'],
    [['repl', '--eval', '1'], 'No tenant is named'],
  ])('R22, R40: %j names what is not there or not chosen, which is misuse', async (words, sentence) => {
    const before = process.cwd()
    process.chdir(folder)
    vi.stubEnv('AUTH0_DOMAIN', '').stubEnv('AUTH0_PROFILE', '').stubEnv('XDG_CONFIG_HOME', folder)
    try {
      const { code, out, err } = await tenantlab(...words)
      expect(out + err).toContain(sentence)
      expect(out + err).not.toMatch(/^ +at |node:internal/m)
      expect(code).toBe(64)
    } finally {
      vi.unstubAllEnvs()
      process.chdir(before)
    }
  })

  it('R43 wraps help by words', async () => {
    const { columns } = process.stdout
    try {
      for (const width of [40, 60, 80]) {
        process.stdout.columns = width
        for (const words of [['help'], ['help', 'run'], ['help', 'sandbox']]) {
          const { out } = await tenantlab(...words)
          const plain = out.split('\n').filter((line) => !/^ {2,4}(tenantlab|\S*runbooks\/)/.test(line))
          expect(plain.filter((line) => line.length > width && /\S +\S/.test(line.slice(4)))).toEqual([])
          if (words[1] !== 'sandbox') expect(out).toContain('sends')
        }
      }
    } finally {
      process.stdout.columns = columns
    }
  })
})

describe('completion', () => {
  it('prints a script for each shell', async () => {
    const printed: string[] = []
    const log = console.log
    console.log = (text: string) => void printed.push(text)
    try {
      for (const shell of ['bash', 'zsh', 'fish']) expect((await tenantlab('complete', shell)).code).toBe(0)
    } finally {
      console.log = log
    }
    expect(printed.every((text) => text.includes('tenantlab complete --'))).toBe(true)
    expect(printed).toHaveLength(3)
  })

  it.each([
    [['ap'], 'apply'],
    [['run', '--ch'], '--check'],
    [['sandbox', '--clock', ''], 'fixed'],
    [['tenants', ''], 'remove'],
    [['help', 'u'], 'undo'],
    [['run', 'runbooks/block'], 'runbooks/block-a-country.ts'],
  ])('answers %j', async (words, found) => {
    const printed: string[] = []
    const log = console.log
    console.log = (text: string) => void printed.push(text)
    try {
      expect((await tenantlab('complete', '--', ...words)).code).toBe(0)
    } finally {
      console.log = log
    }
    expect(printed.map((line) => line.split('\t')[0])).toContain(found)
  })
})
