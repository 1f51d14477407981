import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NotebookCell } from '../../src/notebook/document/notebook.ts'
import { readNotebook, textOf } from '../../src/notebook/index.ts'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { root, run, shown } from './kernels.ts'
import { code, notebookOf } from './samples.ts'

describe('tenantlab notebooks', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenantlab-notebooks-'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(join(root, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'dir')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function tenantlab(...words: string[]): { status: number | null; stdout: string; stderr: string } {
    const env = { ...process.env, AUTH0_CLIENT_SECRET: 'canary-environment-4d1' }
    return spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), 'notebooks', ...words], {
      cwd: folder,
      encoding: 'utf8',
      env,
    })
  }
  function store(name: string, ...cells: readonly NotebookCell[]): string {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify(notebookOf(...cells)))
    return path
  }

  it('run executes with parameters and stores what came', () => {
    const input = store(
      'in.ipynb',
      code('let n: number = 1', { tags: ['parameters'] }),
      code('console.log("n is", n * 2)'),
    )
    const ran = tenantlab('run', input, join(folder, 'out.ipynb'), '-p', 'n=21')
    expect(ran.stderr).toBe('')
    expect(ran.status).toBe(0)
    const out = readNotebook(join(folder, 'out.ipynb'))
    expect(out.cells.map((cell) => textOf(cell.outputs?.[0]?.text))).toEqual(['', '', 'n is 42\n'])
    expect(readNotebook(input).cells).toHaveLength(2)
  })

  it('run uses the profile, and tslab as it comes with --stock', () => {
    const input = store('profile.ipynb', code('for await (const one of [1]) console.log("one", one)'))
    expect(tenantlab('run', input)).toMatchObject({ status: 0, stdout: expect.stringContaining('one 1') })
    expect(tenantlab('run', input, '--stock')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('cell 1 failed'),
    })
  })

  it('run stops at a failed cell and says which, unless it may fail', () => {
    const cells = [code('throw new Error("boom")'), code('console.log("after")')] as const
    const ran = tenantlab('run', store('fails.ipynb', ...cells))
    expect(ran.status).toBe(1)
    expect(ran.stderr).toMatch(/cell 1 failed[\s\S]*boom/)
    expect(ran.stdout).not.toContain('after')
    const tagged = store('may-fail.ipynb', code('throw new Error("boom")', { tags: ['raises-exception'] }), cells[1])
    expect(tenantlab('run', tagged)).toMatchObject({ status: 0, stdout: expect.stringContaining('after') })
  })

  it('run writes no notebook that would hold a secret', () => {
    const input = store('leaks.ipynb', code('console.log(process.env.AUTH0_CLIENT_SECRET)'))
    const ran = tenantlab('run', input, join(folder, 'leaked.ipynb'))
    expect(ran.status).toBe(1)
    expect(ran.stderr).toContain('was not written')
    expect(ran.stderr + ran.stdout).not.toContain('canary-environment')
    expect(existsSync(join(folder, 'leaked.ipynb'))).toBe(false)
  })

  it('check fails for a stored canary, and clean makes it pass', () => {
    const outputs = [{ output_type: 'stream', name: 'stdout', text: ['canary-environment-4d1\n'] }]
    const path = store('dirty.ipynb', code('1', { outputs }))
    const checked = tenantlab('check', path)
    expect(checked.status).toBe(1)
    expect(checked.stderr).toContain('cell 1')
    expect(tenantlab('clean', path).status).toBe(0)
    expect(tenantlab('check', path).status).toBe(0)
    expect(tenantlab('check', path, '--canary', 'absent-canary').status).toBe(0)
  })

  it('install writes a kernel that starts with the profile, by the command that Jupyter would use', async () => {
    const installed = tenantlab('install', '--folder', join(folder, 'jupyter'))
    expect(installed.status, installed.stderr).toBe(0)
    const file = join(folder, 'jupyter', 'kernels', 'tenantlab', 'kernel.json')
    const { argv } = JSON.parse(readFileSync(file, 'utf8')) as { argv: [string, ...string[]] }
    const kernel = await KernelClient.start(folder, {
      command: (connection) =>
        argv.map((word) => (word === '{connection_file}' ? connection : word)) as [string, ...string[]],
    })
    try {
      expect(shown(await run(kernel, 'for await (const one of ["started"]) console.log(one)'))).toContain('started')
    } finally {
      await kernel.close()
    }
  })

  it('says what it takes', () => {
    expect(tenantlab()).toMatchObject({ status: 64, stderr: expect.stringContaining('install, uninstall, check FILE') })
    expect(tenantlab('run', 'absent.ipynb')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('There is no notebook'),
    })
  })
})
