import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'sucrase'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examplesOf, moduleOf, pages, root, type Snippet, snippetsOfPage } from './snippets.ts'

// What documentation shows is what a reader types first: all of it compiles as a strict reader's compiler sees it, and
// runs on the embedded tenant unless it says why it cannot.
const declarations = ['index', 'rx', 'runbook', 'sandbox'].map((name) => join(root, 'dist', `${name}.d.ts`))
const snippets: Snippet[] = [...pages().flatMap(snippetsOfPage), ...declarations.flatMap(examplesOf)]

let folder = ''
const exported = new Map<string, readonly string[]>()

beforeAll(async () => {
  for (const [entry, file] of [
    ['tenantlab', 'index'],
    ['tenantlab/rx', 'rx'],
    ['tenantlab/runbook', 'runbook'],
    ['tenantlab/sandbox', 'sandbox'],
  ] as const) {
    exported.set(entry, Object.keys(await import(join(root, 'dist', `${file}.js`))))
  }
  // Inside the checkout, so that 'tenantlab' resolves as it does for a reader.
  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache', 'snippets-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what documentation shows', () => {
  it('is there: README and every page of docs/', () => {
    expect(snippets.length).toBeGreaterThan(5)
    expect(snippets.filter(({ runs }) => runs).length).toBeGreaterThan(snippets.length / 2)
  })

  it('compiles strictly against the declarations of the package', () => {
    const types = join(folder, 'types')
    mkdirSync(types)
    for (const [index, snippet] of snippets.entries()) {
      writeFileSync(join(types, `${index}.ts`), moduleOf(snippet, 'types', exported))
    }
    writeFileSync(
      join(types, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: 'nodenext',
          target: 'es2023',
          skipLibCheck: true,
          types: ['node'],
          typeRoots: [join(root, 'node_modules', '@types')],
        },
        include: ['*.ts'],
      }),
    )
    writeFileSync(join(types, 'package.json'), '{ "type": "module" }')
    const compiler = join(root, 'node_modules', 'typescript7', 'bin', 'tsc')
    const { stdout, stderr, status } = spawnSync(process.execPath, [compiler, '-p', types], { encoding: 'utf8' })
    const errors = `${stdout}${stderr}`
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) =>
        line.replace(
          /^.*?(\d+)\.ts\((\d+),\d+\)/,
          (_, index, row) => `${snippets[Number(index)]?.place} line ${row - 2}`,
        ),
      )
    expect(errors).toEqual([])
    expect(status).toBe(0)
  })

  it('runs on the embedded tenant, and prints no secret', () => {
    const run = join(folder, 'run')
    mkdirSync(run)
    writeFileSync(join(run, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(run, 'given.mjs'), 'export let given\nexport const give = (value) => { given = value }\n')
    const running = snippets.map((snippet, index) => ({ snippet, index })).filter(({ snippet }) => snippet.runs)
    for (const { snippet, index } of running) {
      const { code } = transform(moduleOf(snippet, 'run', exported), {
        transforms: ['typescript'],
        disableESTransforms: true,
      })
      writeFileSync(join(run, `${index}.mjs`), code)
    }
    writeFileSync(join(run, 'all.mjs'), driver(running.map(({ index }) => index)))
    const result = spawnSync(process.execPath, ['--no-warnings', 'all.mjs'], {
      cwd: run,
      encoding: 'utf8',
      timeout: 120_000,
      env: { PATH: process.env.PATH, HOME: folder, TMPDIR: process.env.TMPDIR },
      maxBuffer: 64 << 20,
    })
    const failures = [...result.stdout.matchAll(/^FAILED (\d+) (.*)$/gm)].map(
      ([, index, message]) => `${snippets[Number(index)]?.place}: ${message}`,
    )
    expect(failures).toEqual([])
    expect(result.stdout).toContain(`RAN ${running.length}`)
    expect(result.status, result.stderr).toBe(0)
    expect(result.stdout + result.stderr).not.toMatch(/SECRET SHOWN/)
  })
})

/** Runs each module on a tenant of its own, tells those that fail, and looks for the tenant's secrets in what they print. */
function driver(indices: readonly number[]): string {
  return `
import { connect, MfaRequiredError } from 'tenantlab'
import { sandbox } from 'tenantlab/sandbox'
import { give } from './given.mjs'
const printed = []
const write = process.stdout.write.bind(process.stdout)
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text, ...rest) => { printed.push(String(text)); const done = rest.find((one) => typeof one === 'function'); done?.(); return true }
}
let ran = 0
for (const index of ${JSON.stringify(indices)}) {
  const tenant = await sandbox()
  const auth0 = connect(tenant.options)
  const [person] = tenant.seed.users
  const login = await auth0.login.password({ username: person.email, password: person.password }).run().outcome()
  const mfaToken = login.status === 'error' && login.error instanceof MfaRequiredError ? login.error.mfaToken : undefined
  give({ tenant, auth0, mfaToken })
  printed.length = 0
  try {
    await Promise.race([
      import(\`./\${index}.mjs\`),
      new Promise((_, reject) => setTimeout(() => reject(new Error('did not end within 20 s')), 20_000).unref()),
    ])
    ran++
  } catch (error) {
    write(\`FAILED \${index} \${String(error?.stack ?? error).split('\\n').slice(0, 3).join(' | ')}\\n\`)
  }
  const text = printed.join('')
  for (const secret of [tenant.options.clientSecret, person.password]) {
    if (text.includes(secret)) write(\`FAILED \${index} SECRET SHOWN\\n\`)
  }
  await tenant.close().catch(() => {})
}
write(\`RAN \${ran}\\n\`)
process.exit(0)
`
}
