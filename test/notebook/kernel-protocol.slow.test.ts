import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outputsOf } from '../../src/notebook/cells/messages.ts'
import type { KernelClient, KernelReply } from '../notebooks/kernel-client.ts'
import { type Kernels, run, startKernels } from './kernels.ts'

let kernels: Kernels
let kernel: KernelClient
beforeAll(async () => {
  kernels = await startKernels()
  kernel = kernels.profiled
  await run(kernel, "import { connect } from 'tenantlab'")
})
afterAll(() => kernels?.close())

const traceback = ({ reply }: KernelReply): string => (reply.traceback as string[]).join('\n')
const count = async (): Promise<number> => (await kernel.execute('0')).reply.execution_count as number

describe('N4 errors name the line of the cell that was typed', () => {
  it.each([
    ['thrown at the top', "const a: number = 1\n\ninterface X { y: string }\nthrow new Error('boom')", 4],
    ['thrown in a function', "function f(n: number): never {\n  throw new TypeError('boom')\n}\n\nf(1)", 2],
    [
      'after an await',
      "import { join } from 'node:path'\nawait Promise.resolve(join('a'))\n\n\nthrow new Error('boom')",
      5,
    ],
    ['behind an enum and a type', 'enum E {\n  A,\n}\ntype T = {\n  a: E\n}\nnull!.x', 7],
    [
      'of the package',
      "const s = connect({ domain: 'acme.example.com', token: 't', transport: () => { throw new Error('boom') } })\n\n\nawait s.users.list().run()",
      4,
    ],
    ['of the compiler', 'const a = 1\nconst b: string = a', 2],
  ])('%s', async (_, code, line) => {
    const reply = await kernel.execute(code, { request: { stop_on_error: false } })
    expect(reply.status).toBe('error')
    const number = reply.reply.execution_count as number
    const text = traceback(reply)
    expect(text).toContain(`cell[${number}]:${line}`)
    expect(text).not.toContain('^')
    expect(text).not.toMatch(/evalmachine|tslab|node:|kernel-profile|node_modules|[\\/]dist[\\/]/)
    // Each frame is one of a cell.
    for (const frame of text.split('\n').filter((each) => /^\s+at /.test(each))) expect(frame).toContain('cell[')
    expect(kernel.received('error', reply.id)).toEqual([
      { ename: reply.reply.ename, evalue: reply.reply.evalue, traceback: reply.reply.traceback },
    ])
  })

  it('also where a function of an earlier cell fails', async () => {
    const made = await kernel.execute("function early(): never {\n\n  throw new Error('boom')\n}")
    const reply = await kernel.execute('\nearly()', { request: { stop_on_error: false } })
    expect(traceback(reply)).toMatch(
      new RegExp(`cell\\[${made.reply.execution_count}\\]:3[^]*cell\\[${reply.reply.execution_count}\\]:2`),
    )
  })
})

describe('N5 the kernel keeps the messaging protocol', () => {
  it('sends inputs, counts and results', async () => {
    const first = await kernel.execute('6 * 7')
    const number = first.reply.execution_count as number
    expect(kernel.received('execute_input', first.id)).toEqual([{ code: '6 * 7', execution_count: number }])
    expect(kernel.received('execute_result', first.id)).toEqual([
      { execution_count: number, data: { 'text/plain': '42' }, metadata: {} },
    ])
    expect(first.messages.filter(({ kind }) => kind === 'stream')).toEqual([])
    expect(await count()).toBe(number + 1)
    const plan = await kernel.execute("connect({ domain: 'acme.example.com', token: 'none' }).clients.list()")
    expect(outputsOf(plan.messages)).toMatchObject([
      { output_type: 'execute_result', data: { 'text/html': expect.anything(), 'text/plain': expect.anything() } },
    ])
    expect(kernel.received('execute_result', (await kernel.execute('const none = 1')).id)).toEqual([])
  })

  it('counts neither silent requests nor those that leave no history', async () => {
    const before = await count()
    const silent = await kernel.execute('1 + 1', { request: { silent: true } })
    for (const type of ['execute_input', 'execute_result']) expect(kernel.received(type, silent.id)).toEqual([])
    await kernel.execute('1 + 1', { request: { store_history: false } })
    expect(await count()).toBe(before + 1)
  })

  it('goes on after a failure where stop_on_error is false, and else ends what was sent before it', async () => {
    const going = await Promise.all([
      kernel.execute("throw new Error('expected')", { request: { stop_on_error: false } }),
      kernel.execute('1'),
      kernel.execute('2'),
    ])
    expect(going.map(({ status }) => status)).toEqual(['error', 'ok', 'ok'])
    const stopped = await Promise.all([
      kernel.execute("await new Promise((next) => setTimeout(next, 100)); throw new Error('not expected')"),
      kernel.execute("console.log('must not run')"),
      kernel.execute('2'),
    ])
    expect(stopped.map(({ status }) => status)).toEqual(['error', 'aborted', 'aborted'])
    expect(kernel.hasShown('must not run')).toBe(false)
    expect((await run(kernel, '3')).status).toBe('ok')
  })

  it('masks what is secret in results as well', async () => {
    const opened =
      "const hidden = connect({ domain: 'acme.example.com', token: 'canary-token-value-1' })\n'canary-token-value-1'"
    expect(JSON.stringify((await kernel.execute(opened)).messages)).not.toContain('canary-token-value-1')
  })
})
