import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'))
const manifest = read('package.json')
const lock = read('package-lock.json')

describe('package.json', () => {
  it('pins every dependency to one version, which is the one in the lock', () => {
    const wanted: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies }
    for (const [name, version] of Object.entries(wanted)) {
      if (name === 'tenantlab') continue
      const exact = version.replace(/^npm:.+@/, '')
      expect(exact, name).toMatch(/^\d+\.\d+\.\d+$/)
      expect(lock.packages[`node_modules/${name}`].version, name).toBe(exact)
    }
  })

  it('runs nothing on the machine of somebody who installs it', () => {
    const names = Object.keys(manifest.scripts)
    expect(names.filter((name) => /^(pre|post)?(install|prepare|uninstall)$/.test(name))).toEqual([])
  })

  it('can be found by a notebook: main, types, a default condition and typesVersions for every entry', () => {
    expect(manifest.main).toBe(manifest.exports['.'].default)
    expect(manifest.types).toBe(manifest.exports['.'].types)
    const entries = Object.keys(manifest.exports).filter((name) => !name.endsWith('.json'))
    expect(entries.length).toBeGreaterThan(1)
    for (const name of entries) {
      expect(Object.keys(manifest.exports[name]).at(-1)).toBe('default')
      if (name !== '.') expect(manifest.typesVersions['*'][name.slice(2)]).toEqual([manifest.exports[name].types])
    }
  })
})
