import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { commandFor, type TenantCommand } from '../runbook/command.ts'

let tenant: Sandbox
let command: TenantCommand
beforeAll(async () => {
  tenant = await sandbox()
  command = await commandFor(tenant)
  writeFileSync(
    join(command.folder, 'two.ts'),
    `import { defineRunbook } from 'tenantlab/runbook'
     export default defineRunbook({ name: 'two', async *steps({ auth0, step }) {
       yield* step('first', auth0.clients.create({ name: 'first' }))
       yield* step('second', auth0.clients.create({ name: 'second' }))
     } })`,
  )
})
afterAll(async () => {
  command.end()
  await tenant.close()
})

const run = (...words: string[]) => command.tenantlab(['run', 'two.ts', '--tenant', 'lab', ...words])
const creations = () =>
  tenant.requests.filter(({ method, path }) => method === 'POST' && path === '/api/v2/clients').length

describe('R28 a crash leaves a way back', () => {
  beforeEach(async () => {
    tenant.reset()
    const { rmSync } = await import('node:fs')
    rmSync(join(command.folder, '.tenantlab'), { recursive: true, force: true })
    const killed = await command.tenantlab(['run', 'two.ts', '--tenant', 'lab'], 'before:answer first')
    expect(killed.code).toBe('SIGKILL')
    expect(creations()).toBe(1)
  })

  it('says what is unknown, sends nothing, and goes on with what it was told', async () => {
    const asked = await run('--resume', '--settle-only')
    expect(asked.code).toBe(3)
    expect(asked.err).toContain('--assume-done STEP')
    expect(creations()).toBe(1)
    const told = await run('--resume', '--settle-only', '--assume-done', 'first')
    expect(told, told.err).toMatchObject({ code: 0, out: expect.stringContaining('"first" was done') })
    expect(creations()).toBe(1)
    expect(await run('--resume')).toMatchObject({ code: 0 })
    expect(creations()).toBe(2)
  })

  it('sends again what was told to be lost, and lets a wrong word be corrected', async () => {
    expect(await run('--resume', '--settle-only', '--assume-done', 'first')).toMatchObject({ code: 0 })
    expect(await run('--resume', '--assume-lost', 'first')).toMatchObject({ code: 0 })
    expect(creations()).toBe(3)
  })

  it.each([
    [['--settle-only'], 64, '--resume'],
    [['--assume-done', 'first'], 64, '--resume'],
    [['--resume', '--assume-lost', 'frist'], 64, 'Did you mean "first"?'],
    [['--resume', '--assume-done', 'third'], 64, 'It has first'],
    [['--resume', '--assume-lost', 'first', '--assume-done', 'first'], 64, 'both name the step "first"'],
  ])('refuses %j', async (words, code, sentence) => {
    const told = await run(...words)
    expect(told.code).toBe(code)
    expect(told.err).toContain(sentence)
    expect(creations()).toBe(1)
  })
})
