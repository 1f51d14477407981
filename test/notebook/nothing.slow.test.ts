import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Kernels, run, shown, startKernels } from './kernels.ts'

const OPEN = `import { show } from 'tenantlab'
import { lab } from 'tenantlab/sandbox'
const { auth0 } = await lab({ seed: 'nothing' })
const { items } = await auth0.users.list().run()`

/** Cells that end in an answer of nothing, and the line that says so. */
const nothing = [
  [
    'a delete',
    "const { id } = await auth0.roles.create({ name: 'gone' }).run()\nawait auth0.roles(id!).delete().run()",
    'roles.delete · done',
  ],
  ['a part that is not set', 'await auth0.tenant().quotas().get().run()', 'default_token_quota is not set'],
  ['a 204', 'await auth0.users(items[0]!.user_id!).multifactor.invalidateRememberBrowser().run()', 'done, no content'],
  [
    'the first of none',
    "await auth0.clientGrants.list({ audience: 'https://none.example' }).first().run()",
    'clientGrants.list · the list is empty',
  ],
  ['an empty list', "await auth0.roles.list({ name_filter: 'nobody' }).run()", '0 of 0 roles'],
  ['no rows', 'show([])', 'No rows.'],
] as const

describe('N12 an answer of nothing is one line', () => {
  let kernels: Kernels
  beforeAll(async () => {
    kernels = await startKernels()
    for (const kernel of [kernels.stock, kernels.profiled]) await run(kernel, OPEN)
  })
  afterAll(() => kernels?.close())

  for (const name of ['stock', 'profiled'] as const) {
    it.each(nothing)(`%s, in the ${name} kernel`, async (_, code, line) => {
      expect(shown(await run(kernels[name], code))).toContain(line)
    })

    it(`other cells of the ${name} kernel say nothing more`, async () => {
      expect(shown(await run(kernels[name], 'const other = 5'))).toBe('[]')
      expect(shown(await run(kernels[name], '[1].forEach(() => {})'))).toBe('[]')
      const after =
        "await auth0.users(items[0]!.user_id!).multifactor.invalidateRememberBrowser().run()\nconsole.log('said')"
      expect(shown(await run(kernels[name], after))).not.toContain('no content')
    })
  }
})
