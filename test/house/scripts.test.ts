import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-scripts-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A Node that takes the lock, says so, keeps it until its input ends, and says that it is done. */
function holder(lock: string) {
  const program = `
    import { withLock } from ${JSON.stringify(pathToFileURL(join(root, 'scripts', 'lock.mjs')).href)}
    await withLock(${JSON.stringify(lock)}, async () => {
      console.log('held')
      for await (const _ of process.stdin);
    }, () => console.log('waiting'))
    console.log('done')`
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
}

type Holder = ReturnType<typeof holder>

async function says(child: Holder, word: string): Promise<void> {
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes(word)) return
  }
  throw new Error(`The process ended without saying '${word}'.`)
}

describe('the lock', () => {
  it('lets one process in at a time', async () => {
    const lock = join(folder, 'a.lock')
    const first = holder(lock)
    await says(first, 'held')
    const second = holder(lock)
    await says(second, 'waiting')
    first.stdin.end()
    await says(second, 'held')
    second.stdin.end()
    await once(second, 'exit')
    expect(existsSync(lock)).toBe(false)
  })

  it('is taken over from a process that died with it', async () => {
    const lock = join(folder, 'a.lock')
    const dead = holder(lock)
    await says(dead, 'held')
    dead.kill('SIGKILL')
    await once(dead, 'exit')
    expect(existsSync(lock)).toBe(true)
    const next = holder(lock)
    await says(next, 'held')
    next.stdin.end()
    await once(next, 'exit')
    expect(existsSync(lock)).toBe(false)
  })

  it('is taken over after silence where the holder cannot be looked up', async () => {
    const lock = join(folder, 'a.lock')
    writeFileSync(lock, JSON.stringify({ pid: 1, host: `not-${hostname()}`, at: 0 }))
    const past = new Date(Date.now() - 3_600_000)
    utimesSync(lock, past, past)
    const next = holder(lock)
    await says(next, 'held')
    next.stdin.end()
    await once(next, 'exit')
  })
})

describe('ensure', () => {
  /** A checkout of its own that shares the installed packages. */
  function checkout() {
    for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts']) {
      cpSync(join(root, name), join(folder, name), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    mkdirSync(join(folder, 'src', 'plan'), { recursive: true })
    writeFileSync(join(folder, 'src', 'index.ts'), "export { one } from './plan/index.ts'\n")
    writeFileSync(join(folder, 'src', 'cli.ts'), 'console.log(process.argv.slice(2).join())\nprocess.exitCode = 3\n')
    writeFileSync(join(folder, 'src', 'plan', 'index.ts'), '/** The first. */\nexport const one: number = 1\n')
  }

  const script = (name: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(folder, 'scripts', name), ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'production', npm_config_ignore_scripts: 'true' },
    })

  it('builds once, and again when a source has changed', () => {
    checkout()
    expect(script('ensure.mjs')).toMatchObject({ status: 0, stderr: expect.stringContaining('Building') })
    expect(readFileSync(join(folder, 'dist', 'index.d.ts'), 'utf8')).toContain('/** The first. */')
    expect(script('ensure.mjs')).toMatchObject({ status: 0, stderr: '' })
    writeFileSync(join(folder, 'src', 'plan', 'index.ts'), 'export const one = 2\nexport const two = 2\n')
    expect(script('ensure.mjs')).toMatchObject({ status: 0, stderr: expect.stringContaining('Building') })
    expect(script('ensure.mjs')).toMatchObject({ status: 0, stderr: '' })
    rmSync(join(folder, 'dist', 'index.d.ts'))
    expect(script('ensure.mjs')).toMatchObject({ status: 0, stderr: expect.stringContaining('Building') })
    expect(existsSync(join(folder, 'dist', 'index.d.ts'))).toBe(true)
  })

  it('says what to do when a source cannot be built, and exits 1', () => {
    checkout()
    writeFileSync(join(folder, 'src', 'plan', 'index.ts'), 'export const one = (\n')
    const { status, stderr } = script('ensure.mjs')
    expect(status).toBe(1)
    expect(stderr).toContain('mend that, and start again')
  })

  it('starts the tour where there is no terminal, and passes its exit code on', () => {
    checkout()
    expect(script('start.mjs')).toMatchObject({ status: 3, stdout: 'tour\n' })
    expect(script('start.mjs', 'repl', '--help')).toMatchObject({ status: 3, stdout: 'repl,--help\n' })
  })
})

describe('npm test', () => {
  it('refuses an option that it does not know, with exit code 1', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'test.mjs'), '--untill'], {
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toContain('There is no option --untill')
  })
})
