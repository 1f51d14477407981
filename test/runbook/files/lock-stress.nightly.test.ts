import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..', '..')
let folder: string
let program: string

// Takes the lock when told to, and says so; keeps it until its input ends.
const PROGRAM = `
import { appendFileSync } from 'node:fs'
import { fileJournal } from './src/runbook/files/index.ts'
const [path, log] = process.argv.slice(2)
process.stdin.once('data', () => {
  try {
    const journal = fileJournal(path)
    appendFileSync(log, 'in\\n')
    setTimeout(() => { appendFileSync(log, 'out\\n'); journal.close(); process.exit(0) }, 50)
  } catch (error) {
    process.exit(/is running with the journal/.test(String(error)) ? 7 : 8)
  }
})
process.stdout.write('ready\\n')
`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lock-stress-'))
  program = join(folder, 'program.mjs')
  await build({
    stdin: { contents: PROGRAM, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'silent',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Ten processes that reach for one lock at the same moment; how each ended. */
async function race(path: string, log: string): Promise<readonly (number | null)[]> {
  const children = Array.from({ length: 10 }, () =>
    spawn(process.execPath, [program, path, log], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  await Promise.all(children.map((child) => new Promise((ready) => child.stdout.once('data', ready))))
  const codes = children.map((child) => new Promise<number | null>((ended) => child.once('exit', ended)))
  for (const child of children) child.stdin.write('go\n')
  return Promise.all(codes)
}

describe('X8 ten processes that reach for one journal', () => {
  it.each([
    ['whose lock was left by a process that has ended', { pid: 2 ** 22 - 7, host: hostname() }],
    [
      'whose lock was left by a process number that another process has now',
      { pid: process.pid, host: hostname(), started: 'before' },
    ],
    ['whose lock a crash left half written', undefined],
    ['that nobody has', 'nothing'],
  ] as const)('%s: never two at a time, and nothing is left', async (name, owner) => {
    for (let round = 0; round < 3; round += 1) {
      const path = join(folder, `${name.length}-${round}.jsonl`)
      const log = `${path}.log`
      if (owner !== 'nothing') writeFileSync(`${path}.lock`, owner === undefined ? '' : JSON.stringify(owner))
      const codes = await race(path, log)
      const lines = readFileSync(log, 'utf8').trim().split('\n')
      expect(lines, 'each is out before the next is in').toEqual(
        lines.map((_, index) => (index % 2 === 0 ? 'in' : 'out')),
      )
      expect(codes.filter((code) => code === 0).length).toBe(lines.length / 2)
      expect(
        codes.every((code) => code === 0 || code === 7),
        String(codes),
      ).toBe(true)
      expect(existsSync(`${path}.lock`)).toBe(false)
    }
  })
})
