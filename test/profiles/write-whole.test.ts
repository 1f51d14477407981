import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeWhole } from '../../src/profiles/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whole-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

describe('R51 a file is written whole or not at all', () => {
  it('is on the disk, for its owner alone, and leaves nothing else', () => {
    writeWhole(at('a'), 'text')
    expect(readFileSync(at('a'), 'utf8')).toBe('text')
    expect(statSync(at('a')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('keeps the old one where it cannot be written', () => {
    mkdirSync(at('a'))
    writeFileSync(join(at('a'), 'old'), 'old')
    expect(() => writeWhole(at('a'), 'new')).toThrow()
    expect(() => writeWhole(join(at('none'), 'b'), 'new')).toThrow()
    expect(readdirSync(folder)).toEqual(['a'])
    expect(readFileSync(join(at('a'), 'old'), 'utf8')).toBe('old')
  })

  it('goes where a link leads, and leaves the link', () => {
    writeFileSync(at('real'), 'old')
    symlinkSync('real', at('link'))
    writeWhole(at('link'), 'new')
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
    expect(readFileSync(at('real'), 'utf8')).toBe('new')
  })

  it('has the rights that are asked for, or those of the file that it replaces', () => {
    writeWhole(at('code'), 'x', 'shared')
    expect(statSync(at('code')).mode & 0o777).toBe(0o666 & ~process.umask())
    chmodSync(at('code'), 0o640)
    writeWhole(at('code'), 'y', 'shared')
    expect(statSync(at('code')).mode & 0o777).toBe(0o640)
  })

  it('writes to what is no file, such as a pipe', () => {
    writeWhole('/dev/null', 'x')
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true)
  })
})

it('R51 nothing writes a file that lasts in another way', () => {
  const src = resolve(import.meta.dirname, '..', '..', 'src')
  const others = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      !/^sandbox\//.test(name) &&
      /\b(writeFileSync|writeFile|renameSync)\(/.test(readFileSync(join(src, name), 'utf8')),
  )
  expect(others.sort()).toEqual([
    'cli/commands/init.ts', // new files of a new project
    'cli/commands/sandbox.ts', // the authority, made anew for each tenant
    'cli/runbook/journals.ts', // an empty mark for git
    'cli/tour/jobs.ts', // a temporary one
    'notebook/install.ts', // of one command, which is repeated
    'profiles/write-whole.ts',
    'repl/file-output.ts', // a new file, never in the place of another
    'repl/history.ts', // an empty file
    'repl/session-log.ts', // an empty file
    'runbook/files/lock.ts', // owned by links
    'runbook/files/secret-hash.ts', // owned by a link
  ])
  expect(readFileSync(join(src, 'profiles/write-whole.ts'), 'utf8')).toContain('fsyncSync(handle)')
})
