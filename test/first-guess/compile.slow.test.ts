import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { linkPackages, profile, shown } from '../notebook/kernels.ts'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { tasks } from './tasks.ts'

it('compiles every expression of the tasks in the kernel profile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantlab-tasks-'))
  linkPackages(folder)
  const kernel = await KernelClient.start(folder, { preload: profile })
  try {
    const opened = await kernel.execute(
      "import { connect } from 'tenantlab'\nconst auth0 = connect({ domain: 'tasks.example.com', token: 'x' })",
    )
    expect(opened.status, shown(opened)).toBe('ok')
    for (const { words, expression } of tasks) {
      const reply = await kernel.execute(`const plan = ${expression}\nconsole.log(plan.hash)`)
      expect(reply.status, `${words}: ${shown(reply)}`).toBe('ok')
      expect(shown(reply), words).toContain('sha256-')
    }
  } finally {
    await kernel.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
