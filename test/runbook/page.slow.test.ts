import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect } from '../../src/session/index.ts'
import { commandFor, type Ended, type TenantCommand } from './command.ts'
import { runbooks } from './round-trip.ts'

// The page of the runbooks, run from its file to its audit record and back: what it says must be so.
const page = readFileSync(join(runbooks, 'README.md'), 'utf8')
const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({
  language,
  text,
}))
const commands = blocks.flatMap(({ language, text }) =>
  language === 'sh'
    ? text
        .trim()
        .split('\n')
        .map((line) => line.replace(/^tenantlab /, '').split(' '))
    : [],
)
const textOf = (language: string) => blocks.find((block) => block.language === language)?.text ?? ''

let tenant: Sandbox
let command: TenantCommand
beforeAll(async () => {
  tenant = await sandbox()
  command = await commandFor(tenant)
  const name = /^`(\S+\.ts)`:$/m.exec(page)?.[1] ?? ''
  writeFileSync(join(command.folder, name), textOf('ts'))
})
afterAll(async () => {
  command.end()
  await tenant.close()
})

/** Takes the next command of the page, which must begin so, and adds the target where it takes one. */
async function next(begins: string, killed?: string): Promise<Ended> {
  const words = commands.shift() ?? []
  expect(words.join(' ')).toMatch(new RegExp(`^${begins}`))
  const target = words[0] === 'show' ? [] : ['--tenant', 'lab']
  return command.tenantlab([...words.map((word) => (word.includes('…') ? latest('.jsonl') : word)), ...target], killed)
}

/** The newest file of the journals' folder that ends so. */
function latest(end: '.jsonl' | '.audit.jsonl'): string {
  const folder = join('.tenantlab', 'journals', 'job-client')
  const all = (readdirSync(join(command.folder, folder), { recursive: true }) as string[])
    .filter((name) => (end === '.jsonl' ? /^[^.]+(\.[^.]+)?\/[^.]+\.jsonl$/.test(name) : name.endsWith(end)))
    .sort()
  return join(folder, all.at(-1) ?? 'none')
}

const linesOf = (path: string) =>
  readFileSync(join(command.folder, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const named = async () =>
  (await connect(tenant.options).clients.list({}).all().run()).filter(({ name }) => name === 'Night')
const writes = () => tenant.requests.filter(({ method, path }) => method !== 'GET' && path !== '/oauth/token')

describe('the page of the runbooks', () => {
  let shown: Ended

  it('checks without a write, with a placeholder, and tells by 2 that changes are pending', async () => {
    const check = await next('run job-client.ts --name Night --check')
    expect(check.code, check.err).toBe(0)
    expect(check.out).toContain('{{create client.client_id}}')
    expect(page).toContain('{{create client.client_id}}')
    expect((await next('run .* --detailed-exitcode')).code).toBe(2)
    expect(writes()).toEqual([])
  })

  it('plans and shows', async () => {
    const planned = await next('plan job-client.ts')
    expect(planned.code, planned.err).toBe(0)
    shown = await next('show plan.json')
    expect(shown.code).toBe(0)
    expect(shown.out).toContain('create client')
    expect(writes()).toEqual([])
  })

  it('stops with 3 where nobody can be asked, and applies with --yes', async () => {
    expect((await next('apply plan.json$')).code).toBe(3)
    expect(writes()).toEqual([])
    // A real tenant names each of its answers; the sandbox does it for this run.
    const unnamed = tenant.faults.add({
      kind: 'slow',
      delay: 0,
      headers: { 'x-auth0-requestid': 'request-of-the-lab' },
    })
    const applied = await next('apply plan.json --yes')
    unnamed()
    expect(applied.code, applied.err).toBe(0)
    expect(await named()).toEqual([expect.objectContaining({ description: 'Runs at night' })])
  })

  it('leaves an audit record with the members of the page, which leads back to what was shown', () => {
    const records = linesOf(latest('.audit.jsonl'))
    const [create, describeIt] = records.filter(({ method }) => method !== 'GET')
    const example = JSON.parse(textOf('json')) as Record<string, unknown>
    expect(Object.keys(create ?? {}).sort()).toEqual(Object.keys(example).sort())
    for (const key of ['runbook', 'step', 'request', 'method', 'path', 'attempt', 'status']) {
      expect(create?.[key], key).toEqual(example[key])
    }
    expect(create?.requestId).toBe('request-of-the-lab')
    expect(create?.who).toBe(tenant.options.clientId)
    expect(create?.plan).toBe(create?.reviewed)
    expect(describeIt?.plan).not.toBe(describeIt?.reviewed)
    for (const record of [create, describeIt]) {
      expect(shown.out).toContain(String(record?.reviewed))
      expect(shown.out).toContain(String(record?.planFile))
    }
  })

  it('takes back what was applied', async () => {
    const undone = await next('undo ')
    expect(undone.code, undone.err).toBe(0)
    expect(await named()).toEqual([])
  })

  it('runs, is killed, and resumes without its parameters', async () => {
    const killed = await next('run job-client.ts --name Night$', 'before:answer create client')
    expect(killed.code).toBe('SIGKILL')
    expect(await named()).toHaveLength(1)
    const resumed = await next('run job-client.ts --resume$')
    expect(resumed.code, resumed.err).toBe(0)
    expect(await named()).toEqual([expect.objectContaining({ description: 'Runs at night' })])
    expect(commands).toEqual([])
  })

  it('answers with the exit codes of its table', async () => {
    const codes = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
    expect(codes).toEqual([0, 1, 2, 3, 4, 64])
    expect((await command.tenantlab(['run', 'job-client.ts', '--nane', 'x', '--tenant', 'lab'])).code).toBe(64)
    const wrong = await command.tenantlab(['run', 'job-client.ts', '--name', '', '--tenant', 'lab'])
    expect(wrong.code).toBe(64)
    const links = join(runbooks, 'links-to-a-custom-domain.ts')
    const words = ['plan', links, '--domain', 'id.globex.example', '-o', 'links.json', '--tenant', 'lab']
    expect((await command.tenantlab(words)).code).toBe(0)
    await connect(tenant.options).customDomains.setDefault({ domain: 'login.acme.example' }).run()
    const drifted = await command.tenantlab(['apply', 'links.json', '--yes', '--tenant', 'lab'])
    expect(drifted.code).toBe(4)
    expect(drifted.out).toContain('login.acme.example')
  })

  it('lists what is shipped, and nothing else', () => {
    const listed = [...page.matchAll(/^\| \[(\S+\.ts)\]\(\1\) \|/gm)].map(([, name]) => name)
    expect(listed.sort()).toEqual(
      readdirSync(runbooks)
        .filter((name) => name.endsWith('.ts'))
        .sort(),
    )
  })
})
