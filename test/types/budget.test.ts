import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Cell } from './cells.ts'
import { cells, mistakes } from './cells.ts'
import type { Verdict } from './compile.ts'
import { compileAsTslab, compileWithCurrent, root, tslab } from './compile.ts'
import thresholds from './thresholds.json' with { type: 'json' }

// The counts are upper bounds and depend on nothing but the declarations and the compilers, so they are the same on
// every machine. When one is exceeded for a good reason, raise it in thresholds.json to the number that the failure
// shows, rounded up by a tenth, in the commit that causes it.
const declarations = join(root, 'dist', 'index.d.ts')

beforeAll(() => {
  if (!existsSync(declarations)) throw new Error('dist/index.d.ts is missing. Run node scripts/build.mjs first.')
})

describe("in tslab's mode (TypeScript 5.0.4, not strict)", () => {
  let verdicts = new Map<string, Verdict>()
  beforeAll(() => {
    verdicts = compileAsTslab(cells)
  })

  it('is the compiler that tslab brings', () => {
    expect(tslab.version).toMatch(/^5\.0\./)
  })

  it.each(cells.map((cell) => cell.name))('compiles the cell %s within its budget', (name) => {
    const verdict = verdicts.get(name) as Verdict
    expect(verdict.errors).toEqual([])
    const bound = thresholds.tslab[name as keyof typeof thresholds.tslab]
    expect(verdict.instantiations).toBeLessThanOrEqual(bound.instantiations)
    expect(Buffer.byteLength(verdict.declaration)).toBeLessThanOrEqual(bound.declarationBytes)
  })

  it('names every type in what later cells are given', () => {
    const text = [...verdicts.values()].map((verdict) => verdict.declaration).join('\n')
    for (const type of [
      'Plan',
      'User',
      'NetworkAcl',
      'JobErrors',
      'ListPlan',
      'Flow',
      'UserAuthenticationMethodResource',
    ]) {
      expect(text).toContain(type)
    }
    expect(text).not.toMatch(/: any\b/)
  })

  it('refuses mistakes, each where it was made', () => {
    const lines = [
      "import { auth0 } from './session'",
      ...mistakes.map((one, index) => `export const m${index} = ${one.code}`),
    ]
    const session = cells[0] as Cell
    const { errors } = compileAsTslab([session, { name: 'mistakes', code: lines.join('\n') }]).get(
      'mistakes',
    ) as Verdict
    for (const [index, mistake] of mistakes.entries()) {
      expect(errors.filter((error) => error.startsWith(`${index + 2}: `)).length, mistake.name).toBeGreaterThan(0)
    }
  })
})

describe('with the current compiler', () => {
  it('compiles the cells, and the declarations of the package under strict', () => {
    expect(compileWithCurrent(cells, { strict: false }).errors).toEqual([])
    expect(compileWithCurrent([cells[0] as Cell, strictCell], { declarations: true }).errors).toEqual([])
  })

  it('stays within the budget of instantiations under strict', () => {
    const { instantiations } = compileWithCurrent([cells[0] as Cell, strictCell])
    expect(instantiations).toBeLessThanOrEqual(thresholds.strict.instantiations)
  })
})

describe('the declarations of the package', () => {
  it('stay within their size', () => {
    expect(readFileSync(declarations).byteLength).toBeLessThanOrEqual(thresholds.package.declarationBytes)
  })

  it.each(['index', 'redis', 'runbook', 'rx', 'sandbox'])('say export themselves in %s.d.ts', (name) => {
    // tslab's compiler follows the aliases of a list whenever a cell writes a type down. One is left: a class that is exported as a type.
    const text = readFileSync(join(root, 'dist', `${name}.d.ts`), 'utf8')
    const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\};$/gm)]
    const names = lists.flatMap((list) => (list[1] ?? '').split(',')).filter((each) => each.trim() !== '')
    expect(names.length).toBeLessThanOrEqual(1)
  })

  it('bring no types of other packages', () => {
    const text = readFileSync(declarations, 'utf8')
    const foreign = [...text.matchAll(/from '([^'.][^']*)'/g)].map((match) => match[1])
    expect(foreign.filter((name) => !name?.startsWith('node:'))).toEqual([])
  })
})

const strictCell = {
  name: 'strict',
  code: `
    import { auth0 } from './session'
    const page = await auth0.users.list({ per_page: 10 }).run()
    const total: number | undefined = page.total
    const mail: string | undefined = page.items[0]?.email
    const acl = await auth0.networkAcls('acl_1').update({ active: false }).run()
    const id: string | undefined = acl.id
    const nothing: void = await auth0.users('a').delete().run()
    const errors = await auth0.jobs('job_1').errors.get().run()
    const text: string = errors.match({ import: (one) => String(one.errors.length), generic: (one) => one.id, none: () => '' })
    if (errors.kind === 'generic') errors.status.toUpperCase()
    if (errors.isImport()) errors.errors.map((one) => one.errors?.[0]?.code)
    await auth0.connections('con_1').update({ options: { client_secret: 'x' } }).run()
    export { total, mail, id, nothing, text }
  `,
}
