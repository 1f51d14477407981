// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is written has templates.
import { describe, expect, it } from 'vitest'
import { exportNotebook } from '../../src/notebook/index.ts'

type Cell = string | { readonly text: string; readonly tags: readonly string[] }

const LAB = "import { lab } from 'tenantlab/sandbox'\nconst { auth0, tenant, undo, finish } = await lab()"

/** The steps of the runbook made of code cells, or the whole file. */
async function exported(cells: readonly Cell[], whole = false): Promise<string> {
  const stored = cells.map((cell) => ({
    cell_type: 'code',
    source: typeof cell === 'string' ? cell : cell.text,
    metadata: typeof cell === 'string' ? {} : { tags: cell.tags },
  }))
  const file = await exportNotebook(JSON.stringify({ nbformat: 4, cells: stored }), '/somewhere/my book.ipynb')
  if (whole) return file
  const [, body = ''] = /async \*steps\([^)]*\) \{\n([\s\S]*?)\n {2}\},\n\}\)/.exec(file) ?? []
  return body.replace(/^ {4}/gm, '').trim()
}

describe('an exported notebook', () => {
  it('has its prose as comments, its session from the run, and imports only what it uses', async () => {
    const cells = [
      { cell_type: 'markdown', source: '# Clients\n\n- one' },
      { cell_type: 'code', source: ["import { chart, show, type User } from 'tenantlab'\n", LAB] },
      { cell_type: 'code', source: "import { lab } from 'tenantlab/sandbox'\nimport path, { join } from 'path'" },
      { cell_type: 'code', source: "const name: User['name'] = join('a', 'b')\nshow(name)\nawait finish()" },
    ]
    expect(await exportNotebook(JSON.stringify({ cells }), 'my book.ipynb')).toBe(`import { format } from 'node:util'
import { join } from 'path'
import type { User } from 'tenantlab'
import { defineRunbook } from 'tenantlab/runbook'

// Made of my book.ipynb. Where a step creates something, give it a doneWhen.
export default defineRunbook({
  name: 'my-book',
  async *steps({ auth0, step, say }) {
    // # Clients
    //
    // - one

    const name: User['name'] = join('a', 'b')
    say(format(name))
  },
})
`)
  })

  it.each([
    [
      'await auth0.clients.list({}).all().run()',
      "say(format(yield* step('clients.list', auth0.clients.list({}).all())))",
    ],
    [
      'const { items } = await auth0.users.list().run({ maxQueue: 3 })',
      "const { items } = yield* step('users.list', auth0.users.list())",
    ],
    [
      'const n = (await auth0.users.list().run()).items.length',
      "const n = (yield* step('users.list', auth0.users.list())).items.length",
    ],
    ['const s = `${await auth0.users.list().run()}!`', "const s = `${yield* step('users.list', auth0.users.list())}!`"],
    [
      'const b = !(await auth0.users.list().run()) && 1',
      "const b = !(yield* step('users.list', auth0.users.list())) && 1",
    ],
    [
      "const o = await auth0.users('x').get().run().outcome()",
      "const o = yield* step('users.get', auth0.users('x').get()).outcome()",
    ],
    [
      'const p = await auth0.run(JSON.stringify(auth0.users.list()))',
      "const p = yield* step('users.list', auth0.users.list())",
    ],
    [
      "const r = await auth0.raw('GET /api/v2/users').run()",
      "const r = yield* step('raw', auth0.raw('GET /api/v2/users'))",
    ],
    [
      'for await (const u of auth0.users.list()) console.log(u.email, 1)',
      "for (const u of yield* step('users.list', auth0.users.list().all())) say(format(u.email, 1))",
    ],
    [
      'const [a, b] = await Promise.all([auth0.users.list().run(), auth0.roles.list().run()])',
      "const [a, b] = [yield* step('users.list', auth0.users.list()), yield* step('roles.list', auth0.roles.list())]",
    ],
    ['tenant.clock.advance(60_000)\nconsole.log(`later`)', "yield* step('wait', waitFor(60_000))\nsay(`later`)"],
    [
      "const other = auth0.as({ token: 't' })\nawait other.roles.list().run()",
      "const other = auth0.as({ token: 't' })\nsay(format(yield* step('roles.list', other.roles.list())))",
    ],
    ['const t = `a\n  b`', 'const t = `a\n  b`'],
  ])('writes %s as a step', async (code, expected) => {
    expect(await exported([LAB, code])).toBe(expected)
  })

  it('names steps in loops by what differs, and by a number where nothing does', async () => {
    const code = `for (const { client_id } of all) {
  await auth0.clients(client_id!).quota({ perDay: 1 }).run() // kept
  for (let i = 0; i < 2; i += 1) await auth0.roles.create({ name: 'r' }).run()
}`
    const whole = await exported([LAB, `const all = await auth0.clients.list({}).all().run()\n${code}`], true)
    expect(whole).toContain(
      'yield* step(`clients.quota ${client_id}`, auth0.clients(client_id!).quota({ perDay: 1 })) // kept',
    )
    expect(whole).toContain("yield* step(unique('roles.create'), auth0.roles.create({ name: 'r' }))")
    expect(whole).toContain('const unique = numbering()')
  })

  it('issue 12: names no step by what a write made, which a check does not have', async () => {
    const loop = `for (const name of ['a', 'b']) {
  const role = await auth0.roles.create({ name: name }).run()
  await auth0.roles(role.id).delete().run()
}`
    expect(await exported([LAB, loop], true)).toContain("step(unique('roles.delete'), auth0.roles(role.id).delete())")
    const apart = `const { id } = await auth0.roles.create({ name: 'r' }).run()
const rename = async () => { await auth0.roles(id).update({ name: 's' }).run() }
await rename()`
    expect(await exported([LAB, apart], true)).toContain("step(unique('roles.update'), auth0.roles(id)")
    const plans = `for (const plan of [auth0.roles.create({ name: 'r' })]) {
  const made = await plan.run()
  await auth0.roles(made.id).get().run()
}`
    expect(await exported([LAB, plans], true)).toContain("step(unique('roles.get'), auth0.roles(made.id).get())")
    const read = `for (const id of ['a', 'b']) {
  const role = await auth0.roles(id).get().run()
  await auth0.roles(role.id).delete().run()
}`
    expect(await exported([LAB, read], true)).toContain(
      'step(`roles.delete ${role.id}`, auth0.roles(role.id).delete())',
    )
  })

  it('says values without the options of their display', async () => {
    const code =
      "import { show } from 'tenantlab'\nshow([1, 2], { title: 'Numbers', limit: 1 })\nshow(await auth0.roles.list().run(), { columns: ['id'] })"
    const body = await exported([LAB, code])
    expect(body).toContain('say(format([1, 2]))')
    expect(body).toMatch(/say\(format\(\(?yield\* step\('roles.list', auth0.roles.list\(\)\)\)?\)\)/)
  })

  it('makes generators of functions that are awaited, and says which it cannot', async () => {
    const code = `const load = async (id: string): Promise<number> => {
  const user = await auth0.users(id).get().run()
  return user.logins_count ?? 0
}
async function twice() { return (await load('a')) + (await load('b')) }
console.log(await twice())
const all = await Promise.all(['a', 'b'].map(async (id) => (await auth0.users(id).get().run()).name))
setTimeout(async () => { await auth0.users.list().run() }, 1)
const running = auth0.users.list().run()
running.abort()`
    const whole = await exported([LAB, code], true)
    expect(whole).toContain('const load = async function* (id: string): AsyncGenerator<StepRequest, number, unknown> {')
    expect(whole).toContain('yield* step(unique(`users.get ${id}`), auth0.users(id).get())')
    expect(whole).toContain("async function* twice() { return (yield* load('a')) + (yield* load('b')) }")
    expect(whole).toContain('say(format(yield* twice()))')
    expect(whole).toContain("const all = yield* inTurn(['a', 'b'], async function* (id) { return (yield* step(")
    expect(whole).toContain('// - cell 2, line 8: It runs plans within a function that others call.')
    expect(whole).toMatch(/\/\/ - cell 2, line 9: It runs a plan without await.*\n\/\/ {3}With it: cell 2, line 10\./)
    expect(whole).toContain('    // setTimeout(async () => {')
  })

  it('keeps names apart that later cells declare again, and those that a runbook has', async () => {
    const body = await exported([
      LAB,
      'const user = 1\nconst step = user',
      'const user = { user: 2 }\nconst f = (user: number) => user\nconsole.log({ user }, user.user, f(step))',
      'const { user, ...more } = { user: 3 }',
    ])
    expect(body).toBe(`const user = 1
const step2 = user

const user2 = { user: 2 }
const f = (user: number) => user
say(format({ user: user2 }, user2.user, f(step2)))

const { user: user3, ...more } = { user: 3 }`)
  })

  it('gives undo to the step that it belongs to, with what was made of the result since', async () => {
    const body = await exported([
      LAB,
      'const acl = await auth0.networkAcls.create(x).run()\nundo(auth0.networkAcls(acl.id!).delete())',
      "const app = await auth0.clients.create({ name: 'a' }).run()\nconst id = String(app.client_id)\nundo(auth0.clients(id).delete())",
      'const before = await auth0.tenants.settings.get().run()\nundo(auth0.tenants.settings.update({ friendly_name: before.friendly_name }))',
      "await auth0.tenants.settings.update({ friendly_name: 'x' }).run()",
    ])
    expect(body).toContain('create(x), { undo: ({ result }) => auth0.networkAcls(result.id!).delete() })')
    expect(body).toContain(
      "create({ name: 'a' }), { undo: ({ result }) => auth0.clients(String(result.client_id)).delete() })",
    )
    expect(body).toContain(
      "update({ friendly_name: 'x' }), { undo: auth0.tenants.settings.update({ friendly_name: before.friendly_name }) })",
    )
    expect(body).not.toMatch(/^undo/m)
  })

  it('takes what the sandbox was seeded with as parameters, and leaves out what no tenant has', async () => {
    const whole = await exported(
      [
        LAB,
        'const user = tenant.seed.users[0]\nconst job = tenant.seed.clients[1]\nawait auth0.users(user.user_id).get().run()',
        'console.log(job.client_secret, tenant.seed.connection.name, tenant.domain, tenant.seed.roles.map((r) => r.id))',
        "const sms = tenant.outbox.last('sms')\nconsole.log(sms.code)\nconst fine = 1",
      ],
      true,
    )
    expect(whole).toContain(`  params: z.object({
    user_id: z.string(),
    client2_secret: z.string(),
    connection_name: z.string(),
    roles: z.array(z.record(z.string(), z.string())),
  }),
  async *steps({ auth0, params, step, tenant, say }) {`)
    expect(whole).toContain('auth0.users(params.user_id).get()')
    expect(whole).toContain(
      'say(format(params.client2_secret, params.connection_name, tenant, params.roles.map((r) => r.id)))',
    )
    expect(whole).toContain(
      "// - cell 4, line 1: It needs the sandbox's outbox, and a tenant has none.\n//   With it: cell 4, line 2.",
    )
    expect(whole).toContain(
      "    // const sms = tenant.outbox.last('sms')\n    // console.log(sms.code)\n    const fine = 1",
    )
  })

  it('makes parameters of the literals that are tagged so', async () => {
    const text =
      "// Users for each page\nlet per_page = 50\nconst tags = ['a', 'b'] // of users\nconst deep = { on: true, name: 'x' }\nconst when = new Date()"
    const whole = await exported(
      [{ text, tags: ['parameters'] }, LAB, 'await auth0.users.list({ per_page }).run()'],
      true,
    )
    expect(whole).toContain(`  params: z.object({
    per_page: z.number().default(50).describe("Users for each page"),
    tags: z.array(z.string()).default(['a', 'b']).describe("of users"),
    deep: z.object({ on: z.boolean(), name: z.string() }).default({ on: true, name: 'x' }),
  }),`)
    expect(whole).toContain('let { per_page } = params\n')
    expect(whole).toContain('const when = new Date()')
  })

  it('says what it cannot read', async () => {
    await expect(exported(['const x = (('])).rejects.toThrow(
      /^my book.ipynb, cell 1: .*Correct the cell, and export again/,
    )
    await expect(exportNotebook('{}', 'x.ipynb')).rejects.toThrow(/has no cells/)
  })
})
