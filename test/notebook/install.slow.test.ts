import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installKernel, uninstallKernel } from '../../src/notebook/index.ts'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { profile, root, run, shown } from './kernels.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantlab-install-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('N6 the installed kernel', () => {
  it('finds the package, its parts and their types from a folder that has none', async () => {
    const kernel = await KernelClient.start(folder, { preload: profile })
    try {
      const cell = `import { connect } from 'tenantlab'
        import { sandbox } from 'tenantlab/sandbox'
        const session = connect({ domain: 'acme.example.com', token: 'none' })
        console.log(typeof sandbox, session.users.list().data.op, process.version.length > 0)`
      expect(shown(await run(kernel, cell))).toContain('function users.list true')
      expect(shown(await run(kernel, 'session.users.lst()'))).toContain("Property 'lst' does not exist")
      expect(shown(await run(kernel, "import { x } from 'not-there-at-all'"))).toContain('not-there-at-all')
    } finally {
      await kernel.close()
    }
  })

  it('is not repointed by another project, and is taken away again', () => {
    const jupyter = join(folder, 'jupyter')
    const { file } = installKernel({ folder: jupyter, from: root })
    expect(existsSync(join(jupyter, 'kernels', 'tenantlab', 'logo-svg.svg'))).toBe(true)
    installKernel({ folder: jupyter, from: root })
    const other = join(folder, 'kernel-profile.cjs')
    cpSync(profile, other)
    writeFileSync(file, readFileSync(file, 'utf8').replace(profile, other))
    expect(() => installKernel({ folder: jupyter, from: root })).toThrow(/belongs to another project/)
    installKernel({ folder: jupyter, from: root, force: true })
    expect(readFileSync(file, 'utf8')).toContain(profile)
    expect(uninstallKernel({ folder: jupyter })).toBe(file)
    expect(existsSync(file)).toBe(false)
    expect(() => uninstallKernel({ folder: jupyter })).toThrow(/There is no kernel/)
  })
})
