import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { denoProgram } from '../../scripts/needs.mjs'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { requires } from '../support/index.ts'
import { type Kernels, run, shown, startKernels } from './kernels.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = await startKernels()
})
afterAll(() => kernels.close())

const begin = `import { connect, reveal, show } from 'tenantlab'
import { sandbox } from 'tenantlab/sandbox'
const tenant = await sandbox({ seed: 'stored', tls: false })
const auth0 = connect(tenant.options)
const tokens = await auth0.login.clientCredentials({ audience: tenant.options.clientId ? 'https://' + tenant.domain + '/api/v2/' : '' }).run()
const half = tokens.access_token.slice(0, 20)`

const copies = [
  '({ ...tokens })',
  'console.log(tokens.access_token)',
  'console.log(JSON.stringify(tokens))',
  'console.table([{ token: tokens.access_token }])',
  'console.error("failed with " + tokens.access_token)',
  'process.stdout.write(half); process.stdout.write(tokens.access_token.slice(20))',
  'console.log(Buffer.from(tokens.access_token).toString("base64"))',
  'console.log(tenant.options.clientSecret)',
  'console.log(encodeURIComponent(tenant.options.clientSecret), { secret: tenant.options.clientSecret })',
  'throw new Error("it was " + tokens.access_token)',
  'show({ own: tokens.access_token })',
  'new Map([["t", tokens.access_token]])',
  'new Set([tokens.access_token])',
  'new URL("https://x.example/?t=" + tokens.access_token)',
  'new Error("lost", { cause: tokens.access_token })',
  'console.log(new Map([[tokens.access_token, 1]]), [new Set([{ t: tokens.access_token }])])',
  'console.log("%s and %o", tokens.access_token, { t: tokens.access_token })',
  'console.log(Object.assign(new Error("lost"), { config: { headers: new Headers({ a: tokens.access_token }) } }))',
  'console.dir(new (class Client { secret = tenant.options.clientSecret })())',
  'console.assert(false, tokens.access_token)',
  'console.group(tokens.access_token); console.groupEnd()',
  'console.trace(new Map([["t", tokens.access_token]]))',
  'console.log(Buffer.from(tenant.options.clientSecret), JSON.stringify(Buffer.from(tenant.options.clientSecret)))',
]

it.each(['stock', 'profiled'] as const)('N3 no copy of a token is stored by the %s kernel', async (name) => {
  const kernel: KernelClient = kernels[name]
  expect(shown(await run(kernel, begin))).not.toContain('rror')
  const seen: string[] = []
  for (const code of copies) {
    const text = shown(await run(kernel, code))
    seen.push(text)
    expect(text, code).toContain('«secret»')
    expect(text, code).not.toMatch(/eyJ[\w-]{10}/)
  }
  const revealed = shown(await run(kernel, 'show(reveal(tokens.access_token))'))
  expect(revealed).toMatch(/eyJ[\w-]{10}/)
  expect(revealed).not.toMatch(/[\ue010\ue011]/)
  const last = shown(await run(kernel, 'reveal(tokens.access_token)'))
  expect(last).toMatch(/eyJ[\w-]{10}/)
  expect(last).not.toMatch(/[\ue010\ue011]/)
})

const TYPES = ['stream', 'display_data', 'update_display_data', 'execute_result', 'error']

it('N3 no copy of a token is stored by the kernel of Deno', async (context) => {
  requires(context, 'deno')
  const kernel = await KernelClient.start(join(import.meta.dirname, '../../notebooks'), {
    command: (connection) => [denoProgram(), 'jupyter', '--kernel', '--conn', connection],
    env: { NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1' },
  })
  try {
    expect(shown(await run(kernel, begin))).not.toContain('rror')
    const { id } = await run(kernel, 'show(reveal(tenant.options.clientSecret))')
    await run(kernel, 'await new Promise((next) => setTimeout(next, 60))')
    const secret = /value +([\w-]{20,})/.exec(JSON.stringify(kernel.received('display_data', id)))?.[1] ?? ''
    expect(secret).toMatch(/^[\w-]{20,}$/)
    const written = 'process.stdout.write(half); process.stdout.write(tokens.access_token.slice(20))'
    // Its kernel takes what goes to the standard output of the process below any code.
    for (const code of copies.filter((each) => each !== written)) {
      const { id } = await run(kernel, code)
      // What a cell puts out may come after it is idle.
      await run(kernel, 'await new Promise((next) => setTimeout(next, 60))')
      const text = JSON.stringify(TYPES.flatMap((type) => kernel.received(type, id)))
      expect(text, code).not.toMatch(/eyJ[\w-]{10}/)
      expect(text, code).not.toContain(secret)
    }
  } finally {
    await kernel.close()
  }
})
