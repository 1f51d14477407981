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

describe('ensure', () => {
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

  it('starts the main job without arguments, and passes its exit code on', () => {
    checkout()
    expect(script('start.mjs')).toMatchObject({ status: 3, stdout: 'start\n' })
    expect(script('start.mjs', 'repl', '--help')).toMatchObject({ status: 3, stdout: 'repl,--help\n' })
  })
})

describe('npm test', () => {
  /** Runs the tests of a checkout that has these files, and gives the exit code and the last line. */
  function test(files: Record<string, string>, ...args: string[]) {
    checkout()
    cpSync(join(root, 'vitest.config.ts'), join(folder, 'vitest.config.ts'))
    mkdirSync(join(folder, 'test'))
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, 'test', name), `import { expect, it } from 'vitest'\n${text}\n`)
    }
    const { status, stdout } = script('test.mjs', ...args)
    return { status, last: stdout.trimEnd().split('\n').at(-1) }
  }

  const passing = { 'passing.test.ts': "it('passes', () => expect(process.env.AUTH0_DOMAIN).toBeUndefined())" }
  const skipping = { 'skipping.test.ts': "it.skip('skips', () => expect(1).toBe(2))" }

  it('counts what passed and what was skipped, without the tenant of the shell', () => {
    process.env.AUTH0_DOMAIN = 'example.auth0.com'
    try {
      expect(test({ ...passing, ...skipping })).toEqual({ status: 0, last: '1 passed, 0 failed, 1 skipped' })
    } finally {
      delete process.env.AUTH0_DOMAIN
    }
  })

  it('fails on a skip where none is allowed', () => {
    const answer = test({ ...passing, ...skipping }, '--fail-on-skip')
    expect(answer).toEqual({ status: 1, last: '1 passed, 0 failed, 1 skipped' })
  })

  it('counts a failing test, and a file that cannot be loaded', () => {
    const failing = {
      'failing.test.ts': "it('fails', () => expect(1).toBe(2))",
      'broken.test.ts': "import './nowhere.ts'",
    }
    expect(test({ ...passing, ...failing })).toEqual({ status: 1, last: '1 passed, 2 failed, 0 skipped' })
  })

  it('fails when no test ran', () => {
    expect(test(passing, 'test/nowhere')).toEqual({ status: 1, last: '0 passed, 0 failed, 0 skipped' })
  })

  it('leaves the slow tests out of the fast ones', () => {
    const slow = { 'slow.slow.test.ts': "it('is slow', () => expect(1).toBe(2))" }
    expect(test({ ...passing, ...slow }, '--unit')).toEqual({ status: 0, last: '1 passed, 0 failed, 0 skipped' })
  })
  it('refuses an option that it does not know, with exit code 1', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'test.mjs'), '--untill'], {
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toContain('There is no option --untill')
  })
})
