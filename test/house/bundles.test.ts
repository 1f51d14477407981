import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BuildOptions, build, type Format } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'

const root = resolve(import.meta.dirname, '..', '..')
let folder: string
let tenant: Sandbox

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-bundle-'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  tenant = await sandbox({ seed: 'bundles' })
  const authority: unknown = typeof tenant.ca === 'function' ? await (tenant.ca as () => Promise<string>)() : tenant.ca
  writeFileSync(join(folder, 'ca.pem'), String(authority))
})
afterAll(async () => {
  await tenant.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Bundles a program with all of its packages, far from any node_modules, and gives what it prints. */
async function printed(
  name: string,
  format: Format,
  contents: string,
  more: BuildOptions = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const outdir = mkdtempSync(join(folder, 'out-'))
  const extension = format === 'cjs' ? '.cjs' : '.mjs'
  const outfile = join(outdir, `${name}${extension}`)
  const entry = join(root, `${name}.mjs`)
  await build({
    entryPoints: [entry],
    plugins: [
      {
        name: 'program',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /./ }, ({ kind }) => (kind === 'entry-point' ? { path: entry } : undefined))
          onLoad({ filter: /./ }, ({ path }) => (path === entry ? { contents, resolveDir: root } : undefined))
        },
      },
    ],
    outdir,
    outExtension: { '.js': extension },
    bundle: true,
    platform: 'node',
    format,
    logLevel: 'silent',
    ...more,
  })
  // The tenant lives in this process, which has to answer while the program runs.
  const { stdout, stderr, status } = await new Promise<{ stdout: string; stderr: string; status: number | null }>(
    (done) => {
      const child = spawn(process.execPath, [outfile], {
        cwd: folder,
        env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'), ...variables },
      })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (chunk) => {
        stdout += chunk
      })
      child.stderr.on('data', (chunk) => {
        stderr += chunk
      })
      child.once('close', (status) => done({ stdout, stderr, status }))
    },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.trim()
}

describe.each<Format>(['cjs', 'esm'])('C16 a bundle in the form %s', (format) => {
  it('sends requests', async () => {
    const { clientId, clientSecret } = tenant.options
    const domain = `localhost:${new URL(tenant.httpsUrl ?? '').port}`
    const options = { domain, clientId, clientSecret, audience: `https://${tenant.domain}/api/v2/` }
    const program = `
      import { connect } from 'tenantlab'
      connect(${JSON.stringify(options)}).roles.create({ name: '${format}' }).run().then(
        ({ name }) => console.log(name),
        (error) => console.log(error),
      )`
    expect(await printed('requests', format, program)).toBe(format)
  })

  it('tells a network error as what it is', async () => {
    const program = `
      import { connect } from 'tenantlab'
      const auth0 = connect({ domain: '127.0.0.1:9', token: 'x', retry: false })
      auth0.roles.list().run().outcome().then(({ error }) => console.log(error.kind, error.message))`
    expect(await printed('refused', format, program)).toMatch(/network .*ECONNREFUSED/)
  })

  it.each([
    ['minified', { minify: true }],
    ['minified, names of classes kept', { minify: true, keepNames: true }],
    ['with its names minified alone', { minifyIdentifiers: true }],
  ])('C16 names its errors, and tells them, %s', async (_, more) => {
    const program = `
      import { connect } from 'tenantlab'
      const auth0 = connect({ domain: '127.0.0.1:9', token: 'x', retry: false })
      const name = (plan) => plan.run().outcome().then(({ error }) => error.name + ' ' + JSON.parse(JSON.stringify(error)).name)
      const plans = [auth0.roles.list(), auth0.roles.create({ nam: 'x' })]
      Promise.all(plans.map(name)).then((names) => console.log(names.join(', ')))`
    const expected = 'NetworkError NetworkError, ValidationError ValidationError'
    expect(await printed('names', format, program, more)).toBe(expected)
  })

  it('has a tenant inside', async () => {
    const program = `
      import { connect } from 'tenantlab'
      import { sandbox } from 'tenantlab/sandbox'
      sandbox({ seed: 'inside' }).then(async (tenant) => {
        const { name } = await connect(tenant.options).roles.create({ name: 'inside' }).run()
        await tenant.close()
        console.log(name)
      })`
    expect(await printed('tenant', format, program)).toBe('inside')
  })

  it('has the stages, and observables of the RxJS that is in it', async () => {
    const program = `
      import { Observable } from 'rxjs'
      import { events, retry } from 'tenantlab/rx'
      const none = { events: () => ({ subscribe: () => ({ unsubscribe() {} }) }) }
      console.log(typeof retry(), events(none) instanceof Observable)`
    expect(await printed('rx', format, program)).toBe('function true')
  })
})

describe('C16 a bundle of several files', () => {
  const program = (after: string) => `
      import { connect } from 'tenantlab'
      const auth0 = connect({ domain: '127.0.0.1:9', token: 'x', retry: false })
      auth0.roles.list().run().outcome().then(({ error }) => console.log(${after}))`

  it.each([
    ['split', { splitting: true }],
    ['split and minified', { splitting: true, minify: true }],
  ])('sends requests: %s', async (_, more) => {
    expect(await printed('split', 'esm', program('error.message'), more)).toMatch(/ECONNREFUSED/)
  })

  it('leaves no global require() where none is used', async () => {
    const fake =
      "import { connect } from 'tenantlab'; const auth0 = connect({ domain: 'a.example.com', token: 'x'," +
      " transport: 'fetch', retry: false, timeout: 50 }); auth0.roles.list().run().outcome().then(() => console.log(typeof globalThis.require))"
    expect(await printed('clean', 'esm', fake)).toBe('undefined')
  })
})

describe('C16 a proxy of the environment', () => {
  it.each([
    ['as it is', {}],
    ['minified', { minify: true }],
  ])('is used by a bundle %s', async (_, more) => {
    const program = `
      import { connect } from 'tenantlab'
      const auth0 = connect({ domain: 'tenant.example.com', token: 'x', retry: false })
      auth0.roles.list().run().outcome().then(({ error }) => console.log(error.message))`
    const proxy = { HTTPS_PROXY: 'http://127.0.0.1:9' }
    // A name that nobody resolves here: without the proxy it would be ENOTFOUND or EAI_AGAIN.
    expect(await printed('proxy', 'esm', program, more, proxy)).toMatch(/ECONNREFUSED/)
  })
})
