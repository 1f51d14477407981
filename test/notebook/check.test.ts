import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  checkNotebook,
  cleaned,
  declaredParameters,
  faultsOfCells,
  parameterOf,
  readNotebook,
  tslabSyntax,
  withoutStoredSecrets,
  withParameters,
} from '../../src/notebook/index.ts'
import { code, notebookOf } from './samples.ts'

const syntax = tslabSyntax()

describe('notebooks check: stored secrets', () => {
  const text = (said: string) => [{ output_type: 'stream', name: 'stdout', text: [said] }]
  const faults = (outputs: ReturnType<typeof text>, canaries: readonly string[] = []) =>
    checkNotebook(notebookOf(code('1', { outputs })), { canaries }).map(({ kind, message }) => `${kind}: ${message}`)

  it.each([
    ['a token', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln\n'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\n'],
    ['a bearer token', "authorization: 'Bearer abcdef0123456789'\n"],
    ['an OTP secret', 'otpauth://totp/acme:a@b?secret=JBSWY3DPEHPK3PXP&issuer=acme\n'],
    ['a ticket', 'https://acme.example.com/u/reset-verify?ticket=abcdefghij1234\n'],
    ['the value of a secret field', "{ access_token: 'v1.opaque-token' }\n"],
    ['the value of a secret field', '{"client_secret":"s3cr3t-value"}\n'],
    ['the value of a secret field', "recovery_code: 'ABCDEFGH12345678'\n"],
    ['a one-time code', 'Your code is 123456\n'],
  ])('finds %s and does not repeat it', (what, said) => {
    const found = faults(text(said))
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`holds ${what}`)
    for (const part of said.match(/[\w.]{10,}/g) ?? []) {
      if (!/^(authorization|access_token|client_secret|recovery_code)$/.test(part)) expect(found[0]).not.toContain(part)
    }
  })

  it('finds it in every media type, JSON included', () => {
    const data = {
      'text/plain': ['fine'],
      'application/vnd.tenantlab+json': { deep: [{ refresh_token: 'v1.abcdef' }] },
    }
    const found = checkNotebook(
      notebookOf(code('1', { outputs: [{ output_type: 'display_data', data, metadata: {} }] })),
    )
    expect(found).toMatchObject([{ kind: 'secret', fails: true, cell: 1 }])
  })

  it('finds a canary, in outputs and in sources', () => {
    expect(faults(text('a canary-7f3 flew\n'), ['canary-7f3'])[0]).toContain('named as secret')
    const found = checkNotebook(notebookOf(code(`const a = 'canary-7f3'`)), { canaries: ['canary-7f3'] })
    expect(found).toMatchObject([{ kind: 'literal', fails: true }])
  })

  it('takes what displays hide', () => {
    expect(faults(text("{ access_token: '«secret»', password: «secret», token_type: 'Bearer' }\n"))).toEqual([])
    expect(faults(text('curl --header "authorization: Bearer $AUTH0_TOKEN"\n'))).toEqual([])
  })

  it.each([
    ['a bare token', "const a = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln'"],
    ['a header', "fetch('x', { headers: { Authorization: 'Bearer abcdefghijkl0123' } })"],
    ['a key', 'const key = `-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----`'],
    ['an OTP address', "show('otpauth://totp/acme:a@b?secret=JBSWY3DPEHPK3PXP')"],
    ['basic authentication', "const h = 'Basic Y2xpZW50OnMzY3IzdC1WYWx1ZQ=='"],
    ['a login in a URL', "connect('postgres://ann:hunter22@db.example.com/users')"],
    ['a webhook', `fetch('https://hooks.slack.com/services/${'T0000001/B0000001'}/abcdefghijklmnop')`],
    ['a key of AWS', `x = 'AKIA${'ABCDEFGH12345678'}'`],
    ['a token of GitHub', `x = 'ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}'`],
    ['an opaque token of Auth0', "x = 'Fe26.2**0123456789abcdef0123456789abcdef*more'"],
    ['a connection string', "x = 'endpoint=https://x.example/;accesskey=abcdefgh12345678=='"],
    ['an encrypted key', 'k = `-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIabc\n-----END ENCRYPTED PRIVATE KEY-----`'],
    ['a private JWK', `k = { "kty": "EC", "d": "${'abcdefghij'.repeat(5)}" }`],
  ])('N14 finds %s in code, in prose and in metadata', (_, secret) => {
    const prose = { cell_type: 'markdown', metadata: {}, source: [`Use ${secret}`] }
    const inMetadata = { ...code('1'), metadata: { note: secret } }
    expect(checkNotebook(notebookOf(code(secret), prose, inMetadata))).toMatchObject([
      { cell: 1, kind: 'secret', fails: true },
      { cell: 2, kind: 'secret', fails: true },
      { cell: 3, kind: 'secret', fails: true },
    ])
    const attached = {
      cell_type: 'markdown',
      metadata: {},
      source: ['x'],
      attachments: { a: { 'text/plain': secret } },
    }
    expect(checkNotebook(notebookOf(attached as never))).toMatchObject([{ cell: 1, kind: 'secret', fails: true }])
    const whole = { ...notebookOf(code('1')), metadata: { kernelspec: { name: 'tslab' }, note: secret } }
    expect(checkNotebook(whole)).toMatchObject([{ cell: 0, kind: 'secret', fails: true }])
  })

  describe('N14 the value of a secret field', () => {
    const value = ['Ab3dEf6hIj9kLmN0pQr', 'StUvWxYz1234567890abcdef'].join('')
    const prose = (text: string) => ({ cell_type: 'markdown', metadata: {}, source: [text] })

    it.each([
      ['JSON', `{"client_id":"a","client_secret":"${value}"}`],
      ['a line of an .env file', `AUTH0_CLIENT_SECRET=${value}`],
      ['a table', `| client_secret | ${value} |`],
      ['words', `The **client_secret** is \`${value}\`.`],
      ['a curl command', `curl -d 'grant_type=x&client_secret=${value}' https://a.example`],
      ['YAML', `refresh_token: "${value}"`],
    ])('is found in prose and metadata: in %s', (_, text) => {
      const inMetadata = { ...code('1'), metadata: { note: text.replaceAll('"', '') } }
      expect(checkNotebook(notebookOf(prose(text), inMetadata))).toMatchObject([
        { cell: 1, kind: 'secret', fails: true },
        { cell: 2, kind: 'secret', fails: true },
      ])
    })

    it('is found in comments and texts of code', () => {
      for (const text of [`// AUTH0_CLIENT_SECRET=${value}`, `const body = 'a=b&client_secret=${value}'`])
        expect(checkNotebook(notebookOf(code(text))), text).toMatchObject([{ cell: 1, kind: 'secret', fails: true }])
    })

    it('is no name, no sample and no sentence', () => {
      for (const text of [
        'client_secret: YOUR_CLIENT_SECRET_GOES_HERE',
        `client_secret is what the page calls it: see ${value.slice(0, 12)}`,
        '`password` is required; password: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        'access_token=$(cat token)',
        '"client_secret": "«secret»"',
      ])
        expect(checkNotebook(notebookOf(prose(text))), text).toEqual([])
    })
  })

  it('N14 takes words, variables and samples for what they are', () => {
    for (const text of [
      'Basic authentication needs a client id. Bearer tokens are described elsewhere.',
      `const header = \`Basic \${btoa(pair)}\`; const other = \`Bearer \${token}\``,
      "const url = 'https://example.com:8443/path@2'; const git = 'git@example.com:a/b.git'",
      "connect({ domain: 'acme.example.com', clientId: 'abcdefghijklmnopqrstuvwxyz' })",
      `const uri = \`postgres://ann:\${password}@db.example.com\``,
      "const q = 'password=' + given; const accessKeyId = 'x'",
      "const d = 'abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij'",
    ])
      expect(checkNotebook(notebookOf(code(text))), text).toEqual([])
  })

  it.each([
    "const dbPassword = 'hunter22'",
    "x = { 'api-key': `abcd1234` }",
    "process.env['AUTH0_CLIENT_SECRET'] = 'abcdef'",
  ])('N14 warns of %s', (text) => {
    const found = checkNotebook(notebookOf(code(text)))
    expect(found).toMatchObject([{ kind: 'literal', fails: false }])
    expect(found[0]?.message).not.toMatch(/hunter22|abcd1234|abcdef/)
  })

  it('N3 takes only the secrets out of outputs', () => {
    const outputs = [
      { output_type: 'stream', name: 'stdout', text: ['fine\n', "{ access_token: 'v1.opaque-token', scope: 'a' }\n"] },
      {
        output_type: 'display_data',
        metadata: {},
        data: {
          'text/plain': 'Bearer abcdefghijkl0123',
          'application/json': { client_secret: 's3cr3t-value', name: 'n' },
        },
      },
      {
        output_type: 'error',
        ename: 'E',
        evalue: 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln',
        traceback: ['canary-7f3'],
      },
    ]
    const safe = withoutStoredSecrets(notebookOf(code('1', { outputs })), ['canary-7f3'])
    expect(safe.cells[0]?.outputs).toMatchObject([
      { text: ['fine\n', "{ access_token: '«secret»', scope: 'a' }\n"] },
      { data: { 'text/plain': 'Bearer «secret»', 'application/json': { client_secret: '«secret»', name: 'n' } } },
      { evalue: 'got «secret»', traceback: ['«secret»'] },
    ])
    expect(checkNotebook(safe, { canaries: ['canary-7f3'] })).toEqual([])
  })

  it('warns of a literal and does not fail for it', () => {
    const found = checkNotebook(notebookOf(code(`connect({ clientSecret: 'abcdef' })`)))
    expect(found).toMatchObject([{ kind: 'literal', fails: false }])
    expect(checkNotebook(notebookOf(code(`connect({ clientSecret: await secret('NAME') })`)))).toEqual([])
  })
})

describe('notebooks check: traps of tslab', () => {
  const traps = (...sources: string[]) =>
    checkNotebook(notebookOf(...sources.map((source) => code(source))), { syntax }).map(
      ({ cell, message }) => `${cell}: ${message}`,
    )

  it.each([
    ['the shorthand', ['const tenant = 1', 'console.log({ tenant })'], /^2: The shorthand \{ tenant \}/],
    ['a lone for await', ['for await (const one of list) console.log(one)'], /^1: A for await/],
    ['await before a parenthesis', ['await (async () => 1)()'], /await before a bracket/],
    ['await before a bracket', ['const a = await [1]'], /await before a bracket/],
    ['an export', ['export const a = 1'], /An export/],
    ['a destructuring assignment', ['let a = 0', '({ a } = { a: 1 })'], /destructuring assignment/],
    ['import.meta', ['console.log(import.meta.url)'], /import\.meta/],
    ['narrowing by a boolean', ['if (!answer.ok) console.log(answer.error)'], /does not narrow/],
  ])('finds %s', (_, sources, rule) => {
    expect(traps(...sources).some((found) => rule.test(found))).toBe(true)
  })

  it('takes what tslab takes', () => {
    expect(
      traps(
        'const tenant = 1',
        'console.log({ tenant: tenant }, ((tenant: number) => ({ tenant }))(2))',
        'const a = await list()\nfor await (const one of list()) console.log(one)',
        'async function inner() { for await (const one of list()) console.log(one) }',
        'if (answer.status === "ok") console.log(answer.value)\nif (answer.ok === true) console.log(answer.value)',
      ),
    ).toEqual([])
  })

  it('N18 finds what cannot be read, with its line', () => {
    const faults = checkNotebook(
      notebookOf(code('const a = 1\nconst b = )'), code('await f()\nfor await (const x of y) z'), code('f({')),
      { syntax },
    ).filter(({ kind }) => kind === 'syntax')
    expect(faults).toMatchObject([
      { cell: 1, message: expect.stringContaining('Line 2') },
      { cell: 3, message: expect.stringContaining('Line 1') },
    ])
  })

  it('N18: finds what parses and cannot run, with and without the compiler of tslab, once', async () => {
    for (const text of [
      'const a = 1\nreturn a',
      'x\nbreak',
      'const a = 1\nconst a = 2',
      'f\n1 = 2',
      'f\n/(?<a>.)(?<a>.)/',
      'f\nconst { a }',
    ]) {
      const [fault, ...more] = await faultsOfCells(notebookOf(code('const fine: number = await f()'), code(text)), [])
      expect(fault, text).toMatchObject({
        cell: 2,
        kind: 'syntax',
        fails: true,
        message: expect.stringContaining('Line 2'),
      })
      expect(more).toEqual([])
    }
    const broken = notebookOf(code('f({'))
    expect(await faultsOfCells(broken, checkNotebook(broken, { syntax }))).toEqual([])
    const skipped = { ...code('return 1'), metadata: { tags: ['skip-execution'] } }
    const taken = [
      code('%html\nshow(1)'),
      code('@dec class A {}'),
      code('enum E { A }\nfor await (const x of y) f(x)'),
      skipped,
    ]
    expect(await faultsOfCells(notebookOf(...taken), [])).toEqual([])
  })

  it('N18 looks for no traps where the notebook runs with the profile', () => {
    const notebook = notebookOf(code('const tenant = 1'), code('console.log({ tenant })'))
    const profiled = { ...notebook, metadata: { kernelspec: { name: 'tenantlab' } } }
    expect(checkNotebook(profiled, { syntax })).toEqual([])
    expect(checkNotebook(notebook, { syntax })).toHaveLength(1)
  })

  it('leaves out cells that are skipped', () => {
    expect(checkNotebook(notebookOf(code('export const a = 1', { tags: ['skip-execution'] })), { syntax })).toEqual([])
  })
})

describe('notebooks clean', () => {
  it('removes outputs and counts, and nothing else', () => {
    const outputs = [{ output_type: 'stream', name: 'stdout', text: ['1\n'] }]
    const notebook = notebookOf(code('1', { outputs }), { cell_type: 'markdown', metadata: {}, source: ['# Title'] })
    const clean = cleaned(notebook)
    expect(clean.cells[0]).toEqual({ ...notebook.cells[0], outputs: [], execution_count: null })
    expect(clean.cells[1]).toEqual(notebook.cells[1])
  })
})

describe('notebooks run: parameters', () => {
  const sources = (notebook: ReturnType<typeof notebookOf>) =>
    notebook.cells.map((cell) => [cell.metadata.tags?.[0], [...cell.source].join('')])

  it('go below the cell that has their defaults', () => {
    const notebook = notebookOf(code('first'), code('let n = 1', { tags: ['parameters'] }), code('last'))
    expect(sources(withParameters(notebook, { n: 5, who: 'acme' }))).toEqual([
      [undefined, 'first'],
      ['parameters', 'let n = 1'],
      ['injected-parameters', '// Parameters\nlet n = 5\nlet who = "acme"'],
      [undefined, 'last'],
    ])
  })

  it('go to the top without such a cell, and take the place of earlier ones', () => {
    const once = withParameters(notebookOf(code('last')), { n: 1 })
    expect(sources(once)[0]).toEqual(['injected-parameters', '// Parameters\nlet n = 1'])
    expect(sources(withParameters(once, { n: 2 }))).toEqual([
      ['injected-parameters', '// Parameters\nlet n = 2'],
      [undefined, 'last'],
    ])
    expect(sources(withParameters(once, {}))).toEqual([[undefined, 'last']])
  })

  it('are JSON where they are, else text', () => {
    expect(parameterOf('n=5')).toEqual(['n', 5])
    expect(parameterOf('who=acme=x')).toEqual(['who', 'acme=x'])
    expect(parameterOf('list=[1,"a"]')).toEqual(['list', [1, 'a']])
    expect(() => parameterOf('n')).toThrow(/NAME=VALUE/)
  })

  it('R47 takes values by the type that is declared', () => {
    const declared = declaredParameters(
      notebookOf({
        ...code(
          "const name: string = 'x'\nlet perDay = 5\nconst all = false\nconst who = 'me'\nconst list: string[] = []",
        ),
        metadata: { tags: ['parameters'] },
      }),
    )
    expect(declared).toEqual([
      { name: 'name', type: 'string' },
      { name: 'perDay', type: 'number' },
      { name: 'all', type: 'boolean' },
      { name: 'who', type: 'string' },
      { name: 'list' },
    ])
    expect(parameterOf('name=123', declared)).toEqual(['name', '123'])
    expect(parameterOf('who=true', declared)).toEqual(['who', 'true'])
    expect(parameterOf('perDay=5', declared)).toEqual(['perDay', 5])
    expect(parameterOf('all=true', declared)).toEqual(['all', true])
    expect(parameterOf('list=["a"]', declared)).toEqual(['list', ['a']])
    expect(declaredParameters(notebookOf(code('last')))).toBeUndefined()
    expect(() => withParameters(notebookOf(), { 'a b': 1 })).toThrow(/no name of a variable/)
  })
})

describe('a file that is no notebook', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tenantlab-no-notebook-'))
    writeFileSync(join(folder, 'text.ipynb'), 'hello')
    writeFileSync(join(folder, 'old.ipynb'), '{"nbformat":3,"worksheets":[]}')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is refused with the next step', () => {
    expect(() => readNotebook(join(folder, 'text.ipynb'))).toThrow(/cannot be read as a notebook/)
    expect(() => readNotebook(join(folder, 'old.ipynb'))).toThrow(/is not a notebook of format 4/)
    expect(() => readNotebook(join(folder, 'absent.ipynb'))).toThrow(/There is no notebook .*Give the path/)
  })
})
