import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { mcpServerProgram } from '../../scripts/needs.mjs'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { managementToken } from '../sandbox/bench.ts'
import { requires } from '../support/index.ts'

// Auth0's server for assistants: a program that speaks JSON-RPC on its streams, and calls the tenant with `auth0` 4.

interface Message {
  readonly id?: number
  readonly result?: {
    readonly isError?: boolean
    readonly content?: readonly { readonly text: string }[]
    readonly tools?: readonly { readonly name: string }[]
  }
}

let tenant: Sandbox | undefined
let child: ChildProcess | undefined
let folder: string | undefined
afterEach(async () => {
  child?.kill()
  await tenant?.close()
  if (folder !== undefined) rmSync(folder, { recursive: true })
  tenant = undefined
  child = undefined
  folder = undefined
})

/** Starts the program on a tenant; returns how a request is asked of it. */
async function start() {
  tenant = await sandbox({ seed: 'mcp' })
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-mcp-'))
  const authority = join(folder, 'ca.pem')
  writeFileSync(authority, await tenant.ca())
  const program = spawn(process.execPath, [mcpServerProgram() ?? '', 'run'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      NODE_EXTRA_CA_CERTS: authority,
      AUTH0_TOKEN: await managementToken(tenant),
      AUTH0_DOMAIN: new URL(tenant.httpsUrl ?? '').host,
      AUTH0_MCP_ANALYTICS: 'false',
    },
  })
  child = program
  const waiting = new Map<number, (message: Message) => void>()
  createInterface({ input: program.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Message
    if (message.id !== undefined) waiting.get(message.id)?.(message)
  })
  const ended = new Promise<never>((_, reject) => {
    program.once('exit', (code) => reject(new Error(`The program ended with ${code}.`)))
  })
  // It is ended at the end of each test.
  ended.catch(() => undefined)
  let last = 0
  const ask = (method: string, params: object): Promise<Message> =>
    Promise.race([
      ended,
      new Promise<Message>((resolve) => {
        last += 1
        waiting.set(last, resolve)
        program.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: last, method, params })}\n`)
      }),
    ])
  await ask('initialize', {
    protocolVersion: '2024-11-05',
    capabilities: {},
    clientInfo: { name: 'judge', version: '1' },
  })
  program.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
  const call = async (name: string, given: object = {}): Promise<string> => {
    const { result } = await ask('tools/call', { name: `auth0_${name}`, arguments: given })
    const text = result?.content?.[0]?.text ?? ''
    expect(result?.isError, `${name}: ${text}`).toBe(false)
    return text
  }
  return { ask, call }
}

describe("Auth0's MCP server judges the tenant", () => {
  it('lists and reads every kind that it knows', { timeout: 60_000 }, async (context) => {
    requires(context, 'mcp-server')
    const { ask, call } = await start()
    const tools = (await ask('tools/list', {})).result?.tools?.map(({ name }) => name) ?? []
    expect(tools).toContain('auth0_list_applications')
    for (const tool of tools.filter((name) => name.startsWith('auth0_list_'))) await call(tool.replace('auth0_', ''))
    const { applications } = JSON.parse(await call('list_applications')) as {
      applications: { id: string; name: string }[]
    }
    const [first] = applications
    expect(await call('get_application', { client_id: first?.id })).toContain(first?.name)
    const logs = JSON.parse(await call('list_logs')) as { log_id: string }[]
    expect(await call('get_log', { id: logs[0]?.log_id })).toContain(logs[0]?.log_id)
    expect(tenant?.requests.filter(({ status }) => status >= 400)).toEqual([])
  })

  it('makes, changes and deploys', { timeout: 60_000 }, async (context) => {
    requires(context, 'mcp-server')
    const { call } = await start()
    const idIn = (text: string, pattern: RegExp) => pattern.exec(text)?.[0] ?? ''
    const client = idIn(
      await call('create_application', { name: 'Robot', app_type: 'non_interactive' }),
      /[A-Za-z0-9]{32}/,
    )
    expect(await call('update_application', { client_id: client, description: 'of an assistant' })).toContain('Robot')
    const server = { name: 'Orders', identifier: 'https://orders.example', scopes: [{ value: 'read:orders' }] }
    await call('create_resource_server', server)
    await call('create_application_grant', { client_id: client, audience: server.identifier, scope: ['read:orders'] })
    const made = await call('create_action', {
      name: 'greet',
      code: 'exports.onExecutePostLogin = async () => {}',
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
    })
    const action = idIn(made, /[0-9a-f]{8}-[0-9a-f-]{27}/)
    await call('deploy_action', { id: action })
    expect(await call('get_action', { id: action })).toContain('greet')
    expect(tenant?.requests.filter(({ status }) => status >= 400)).toEqual([])
  })
})
