import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { linkPackages, profile, shown } from '../notebook/kernels.ts'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { tasks, thirdSet } from './tasks.ts'

it('compiles every expression of the tasks in the kernel profile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantlab-tasks-'))
  linkPackages(folder)
  const kernel = await KernelClient.start(folder, { preload: profile })
  try {
    const opened = await kernel.execute(
      "import { connect } from 'tenantlab'\nconst auth0 = connect({ domain: 'tasks.example.com', token: 'x' })",
    )
    expect(opened.status, shown(opened)).toBe('ok')
    const all = [...tasks, ...thirdSet]
    // A cell costs more than an expression in it.
    for (let at = 0; at < all.length; at += 15) {
      const some = all.slice(at, at + 15)
      const lines = some.map(({ expression }) => `{ const plan = ${expression}; console.log(plan.hash) }`)
      const reply = await kernel.execute(lines.join('\n'))
      expect(reply.status, `${lines.join('\n')}: ${shown(reply)}`).toBe('ok')
      expect(shown(reply).match(/sha256-/g), some.map(({ words }) => words).join('; ')).toHaveLength(some.length)
    }
  } finally {
    await kernel.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
