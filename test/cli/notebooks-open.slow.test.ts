import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

describe('tenantlab notebooks open', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'notebooks-open-'))
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    // It tells what it was asked, and that it knows only the front ends that the environment names.
    writeFileSync(
      join(bin, 'jupyter'),
      '#!/bin/sh\ncase " $FRONT_ENDS " in *" $1 "*) ;; *) exit 1;; esac\n[ "$2" = --version ] && exit 0\n' +
        'echo "$PWD|$*|$JUPYTER_PATH" > "$ASKED"\nexit 7\n',
    )
    chmodSync(join(bin, 'jupyter'), 0o755)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function open(words: readonly string[], frontEnds = '') {
    const ran = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), ...['notebooks', 'open', ...words]], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter),
        JUPYTER_PATH: '/elsewhere',
        FRONT_ENDS: frontEnds,
        ASKED: join(folder, 'asked'),
      },
    })
    const asked = existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8').trim() : undefined
    rmSync(join(folder, 'asked'), { force: true })
    return { ...ran, asked }
  }

  it.each([
    ['lab notebook', 'lab'],
    ['notebook', 'notebook'],
  ])('with %s installed opens in %s, with the profile under the name that notebooks ask for', (installed, front) => {
    // Lab is named from the root, the other from the working folder.
    const to = front === 'lab' ? join(folder, front) : front
    const { status, asked = '', stdout } = open(['05', '--to', to], installed)
    expect(stdout).toMatch(/^\S+: \d+ files copied\./)
    expect(stdout.startsWith(`${to}: `)).toBe(true)
    const [cwd, words, path = ''] = asked.split('|')
    expect(cwd).toBe(join(folder, front, 'notebooks'))
    expect(words?.replace('--allow-root ', '')).toBe(`${front} 05-token-quotas.ipynb`)
    expect(path).toBe([join(folder, front, '.jupyter'), '/elsewhere'].join(delimiter))
    const kernel = JSON.parse(readFileSync(join(folder, front, '.jupyter', 'kernels', 'tslab', 'kernel.json'), 'utf8'))
    for (const file of [kernel.argv[2], kernel.argv[3]]) expect(existsSync(file), file).toBe(true)
    expect(status).toBe(7)
  })

  it('without Jupyter copies them, says what to do, and ends with 1', () => {
    const { status, stderr, asked } = open([])
    expect(asked).toBeUndefined()
    expect(stderr).toContain('Jupyter is not installed, so tenantlab-notebooks/notebooks/index.ipynb was not opened.')
    expect(status).toBe(1)
  })

  it('leaves a notebook alone that its reader changed, unless forced', () => {
    const mine = join(folder, 'mine', 'notebooks', '15-compose.ipynb')
    expect(open(['compose', '--to', 'mine', '--copy']).stdout).toContain('Open mine/notebooks/15-compose.ipynb.')
    appendFileSync(mine, '\n\n')
    expect(open(['compose', '--to', 'mine', '--copy']).stdout).toContain(
      '1 that you changed left alone:\n  mine/notebooks/15',
    )
    expect(readFileSync(mine, 'utf8')).toMatch(/\n\n\n$/)
    expect(open(['compose', '--to', 'mine', '--copy', '--force']).stdout).not.toContain('left alone')
    expect(readFileSync(mine, 'utf8')).not.toMatch(/\n\n\n$/)
  })

  it('runs a copied notebook that uses a runbook, where no package is installed', () => {
    open(['--to', 'far', '--copy'])
    const book = join('far', 'notebooks', 'runbooks', 'block-a-country.ipynb')
    const ran = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), 'notebooks', 'run', book], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(ran.stderr).toBe('')
    expect(ran.stdout).toContain('Nothing was left to undo.')
  })

  it.each([
    ['compsoe', 'There is no notebook "compsoe".'],
    ['quotas', '"quotas" may be any of these; write more of it:\n  05-token-quotas\n  14-quotas-by-use'],
    ['16-two-tenant-s', 'Did you mean "16-two-tenants"?'],
  ])('refuses %s', (name, told) => {
    const { status, stderr } = open([name, '--copy'])
    expect(stderr).toContain(told)
    expect(status).toBe(64)
  })
})
