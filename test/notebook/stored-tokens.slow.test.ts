import { afterAll, beforeAll, expect, it } from 'vitest'
import type { KernelClient } from '../notebooks/kernel-client.ts'
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
