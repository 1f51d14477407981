import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineRunbook, runRunbook } from '../../src/runbook/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'

let tenant: Sandbox
let folder: string
beforeAll(async () => {
  tenant = await sandbox({ seed: 'origin', clock: 'fixed', tls: false })
})
beforeEach(() => {
  tenant.reset()
  folder = mkdtempSync(join(tmpdir(), 'origin-'))
  for (const name of ['GITHUB_ACTOR', 'GITHUB_SHA', 'GITLAB_USER_LOGIN', 'CI_COMMIT_SHA', 'GIT_COMMIT'])
    vi.stubEnv(name, '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => tenant.close())

const book = defineRunbook({
  name: 'book',
  async *steps({ auth0, step }) {
    yield* step('describe', auth0.clients(tenant.options.clientId).update({ description: 'x' }))
  },
})
/** The first audit record, and the first line of the journal. */
async function ran(file: string) {
  const journal = join(folder, 'run.jsonl')
  await runRunbook(book, connect(tenant.options), { journal, file })
  const [opened] = readFileSync(journal, 'utf8').split('\n')
  const [record] = readFileSync(join(folder, 'run.audit.jsonl'), 'utf8').split('\n')
  return [opened, record].map((line) => JSON.parse(line ?? '').origin)
}

describe('R37 journal and audit trail', () => {
  it('name the user, the machine, and the file by its hash', async () => {
    const file = join(folder, 'book.ts')
    writeFileSync(file, 'export default 1\n')
    const fileHash = `sha256-${createHash('sha256').update('export default 1\n').digest('hex')}`
    for (const origin of await ran(file))
      expect(origin).toEqual({ user: userInfo().username, host: hostname(), file, fileHash })
  })

  it.each([
    ['GitHub', { GITHUB_ACTOR: 'ann', GITHUB_SHA: 'a1' }, { actor: 'ann', commit: 'a1' }],
    ['GitLab', { GITLAB_USER_LOGIN: 'bob', CI_COMMIT_SHA: 'b2' }, { actor: 'bob', commit: 'b2' }],
  ] as const)('name who started the job at %s, and its commit', async (_, variables, expected) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    for (const origin of await ran(join(folder, 'none.ts'))) expect(origin).toMatchObject(expected)
  })

  it.each([
    ['a branch', { HEAD: 'ref: refs/heads/main\n', 'refs/heads/main': 'c3\n' }, 'c3'],
    ['a packed branch', { HEAD: 'ref: refs/heads/main\n', 'packed-refs': '# pack\nd4 refs/heads/main\n' }, 'd4'],
    ['no branch', { HEAD: 'e5\n' }, 'e5'],
  ] as const)('name the commit of a repository on %s', async (_, files, commit) => {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, '.git', name)
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, text)
    }
    for (const origin of await ran(join(folder, 'deep.ts'))) expect(origin).toMatchObject({ commit })
  })
})
