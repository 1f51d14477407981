import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { transform } from 'sucrase'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examplesOf, moduleOf, pages, root, type Snippet, snippetsOfPage } from './snippets.ts'

const start = promisify(execFile)

// What documentation shows is what a reader types first: all of it compiles as a strict reader's compiler sees it, and
// runs on the embedded tenant unless it says why it cannot.
const declarations = ['index', 'redis', 'rx', 'runbook', 'sandbox'].map((name) => join(root, 'dist', `${name}.d.ts`))
const snippets: Snippet[] = [...pages().flatMap(snippetsOfPage), ...declarations.flatMap(examplesOf)]

let folder = ''
const exported = new Map<string, readonly string[]>()

beforeAll(async () => {
  for (const [entry, file] of [
    ['tenantlab', 'index'],
    ['tenantlab/redis', 'redis'],
    ['tenantlab/rx', 'rx'],
    ['tenantlab/runbook', 'runbook'],
    ['tenantlab/sandbox', 'sandbox'],
  ] as const) {
    exported.set(entry, Object.keys(await import(join(root, 'dist', `${file}.js`))))
  }
  exported.set('rxjs', ['filter', 'from', 'map'])
  // Inside the checkout, so that 'tenantlab' resolves as it does for a reader.
  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache', 'snippets-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what documentation shows', () => {
  it('is there: README and every page of docs/', () => {
    expect(snippets.length).toBeGreaterThan(5)
    const written = snippets.filter(({ generated }) => generated !== true)
    expect(written.filter(({ runs }) => runs).length).toBeGreaterThan(written.length / 2)
  })

  it('compiles strictly against the declarations of the package', () => {
    const types = join(folder, 'types')
    mkdirSync(types)
    for (const [index, snippet] of snippets.entries()) {
      writeFileSync(join(types, `${index}.ts`), moduleOf(snippet, 'types', exported))
    }
    writeFileSync(
      join(types, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: 'nodenext',
          target: 'es2023',
          skipLibCheck: true,
          types: ['node'],
          typeRoots: [join(root, 'node_modules', '@types')],
        },
        include: ['*.ts'],
      }),
    )
    writeFileSync(join(types, 'package.json'), '{ "type": "module" }')
    const compiler = join(root, 'node_modules', 'typescript7', 'bin', 'tsc')
    const { stdout, stderr, status } = spawnSync(process.execPath, [compiler, '-p', types], { encoding: 'utf8' })
    const errors = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) =>
        line.replace(
          /^.*?(\d+)\.ts\((\d+),\d+\)/,
          (_, index, row) => `${snippets[Number(index)]?.place} line ${row - 2}`,
        ),
      )
    expect(errors).toEqual([])
    expect(status).toBe(0)
  })

  it('runs on the embedded tenant, and prints no secret', async () => {
    const run = join(folder, 'run')
    mkdirSync(run)
    writeFileSync(join(run, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(run, 'given.mjs'), 'export let given\nexport const give = (value) => { given = value }\n')
    const running = snippets.map((snippet, index) => ({ snippet, index })).filter(({ snippet }) => snippet.runs)
    for (const { snippet, index } of running) {
      const { code } = transform(moduleOf(snippet, 'run', exported), {
        transforms: ['typescript'],
        disableESTransforms: true,
      })
      writeFileSync(join(run, `${index}.mjs`), code)
    }
    copyFileSync(join(import.meta.dirname, 'driver.mjs'), join(run, 'driver.mjs'))
    // Most of the time of a snippet is a wait, so some run side by side.
    const parts = [0, 1, 2, 3].map((part) => running.filter((_, at) => at % 4 === part))
    const results = await Promise.all(
      parts.map((part) =>
        start(process.execPath, ['--no-warnings', 'driver.mjs', ...part.map(({ index }) => String(index))], {
          cwd: run,
          encoding: 'utf8',
          timeout: 170_000,
          env: { PATH: process.env.PATH, HOME: folder, TMPDIR: process.env.TMPDIR },
          maxBuffer: 64 << 20,
        }),
      ),
    )
    for (const [at, { stdout, stderr }] of results.entries()) {
      const failures = [...stdout.matchAll(/^FAILED (\d+) (.*)$/gm)].map(
        ([, index, message]) => `${snippets[Number(index)]?.place}: ${message}`,
      )
      expect(failures, stderr).toEqual([])
      expect(stdout).toContain(`RAN ${parts[at]?.length}`)
      expect(stdout + stderr).not.toMatch(/SECRET SHOWN/)
    }
  })
})
