import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..', '..')
const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'))
const manifest = read('package.json')
const lock = read('package-lock.json')
const collator = new Intl.Collator('en', { numeric: true })
const bundled = read(join('scripts', 'bundled.json'))

describe('package.json', () => {
  it('pins what the house builds with to one version, which is the one in the lock', () => {
    for (const [name, version] of Object.entries<string>(manifest.devDependencies)) {
      if (name === 'tenantlab') continue
      const exact = version.replace(/^npm:.+@/, '')
      expect(exact, name).toMatch(/^\d+\.\d+\.\d+$/)
      expect(lock.packages[`node_modules/${name}`].version, name).toBe(exact)
    }
  })

  it('C15 asks readers for ranges that hold the version in the lock, so that theirs is taken where it fits', () => {
    const ranges = { ...manifest.dependencies, ...manifest.peerDependencies }
    for (const [name, range] of Object.entries<string>(ranges)) {
      // Of several majors that are taken, the newest is the one that is tested here.
      const newest = range.split(' || ').at(-1) ?? ''
      for (const one of range.split(' || ')) expect(one, name).toMatch(/^[~^]\d+\.\d+\.\d+$/)
      const locked = lock.packages[`node_modules/${name}`]?.version
      // An optional peer of readers alone is not installed here.
      if (locked === undefined) expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true })
      else {
        const held = newest.startsWith('~') ? 2 : 1
        expect(locked.split('.').slice(0, held), name).toEqual(newest.slice(1).split('.').slice(0, held))
        expect([newest.slice(1), locked].sort(collator.compare), name).toEqual([newest.slice(1), locked])
      }
    }
    expect(Object.keys(manifest.dependencies).filter((name) => name in bundled)).toEqual([])
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
