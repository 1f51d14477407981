import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TreePlace } from '../../src/grammar/tree-places.ts'
import { placesBelow, topGroup, topGroups } from '../../src/grammar/tree-places.ts'

const source = readFileSync(join(import.meta.dirname, '../../src/catalogue/generated/tree.ts'), 'utf8')

interface Declared {
  readonly call?: { readonly names: readonly string[]; readonly type: string }
  readonly verbs: readonly string[]
  readonly children: ReadonlyMap<string, string>
}

function declared(type: string): Declared {
  const block = new RegExp(`^export interface ${type}(?: extends \\w+)? \\{\\n([^]*?)\\n\\}`, 'm').exec(source)?.[1]
  if (block === undefined) throw new Error(`generated/tree.ts declares no ${type}.`)
  const call = /^ {2}\(([^)]*)\): (\w+)$/m.exec(block)
  return {
    ...(call && { call: { names: (call[1] as string).split(', '), type: call[2] as string } }),
    verbs: [...block.matchAll(/^ {2}(\w+)\(/gm)].map((match) => match[1] as string).sort(),
    children: new Map(
      [...block.matchAll(/^ {2}readonly (\w+): (\w+)$/gm)].map((match) => [match[1] as string, match[2] as string]),
    ),
  }
}

describe('the types of the resource tree', () => {
  it('declare what the objects have: the same groups, calls and verbs, no more and no less', () => {
    const seen: string[] = []
    const compare = (place: TreePlace, type: string): void => {
      const types = declared(type)
      seen.push(place.path)
      expect(types.verbs, place.path).toEqual([...place.verbs.keys()].sort())
      expect([...types.children.keys()].sort(), place.path).toEqual([...place.children.keys()].sort())
      expect(types.call?.names.length, place.path).toBe(place.called?.names.length)
      for (const [name, child] of place.children) compare(child, types.children.get(name) as string)
      if (place.called !== undefined) compare(place.called.place, types.call?.type as string)
    }
    const root = declared('ManagementTree')
    expect([...root.children.keys()].sort()).toEqual([...topGroups()].sort())
    for (const name of topGroups()) compare(topGroup(name), root.children.get(name) as string)
    const places = topGroups().flatMap((name) => [...placesBelow(topGroup(name))])
    expect(seen.length).toBe(places.length)
    expect(seen.length).toBeGreaterThan(200)
  })

  it('say of each verb its route, its scopes, its effect and where to read more', () => {
    const lines = source.split('\n')
    const verbs = lines.filter((line) => /^ {2}\w+\(.*\): (List|Replacing|ActionDeploy)?Plan</.test(line))
    expect(verbs).toHaveLength(491)
    for (const [index, line] of lines.entries()) {
      if (!/^ {2}\w+\(.*\): (List|Replacing|ActionDeploy)?Plan</.test(line)) continue
      expect(lines[index - 1]).toBe('   */')
      expect(lines[index - 2]).toMatch(/^ {3}\* @example auth0\..+\.run\(\)$/)
      expect(lines[index - 3]).toMatch(
        /^ {3}\* (GET|POST|PUT|PATCH|DELETE) \/\S+ · .+ · (read|write|token) · https:\/\/auth0\.com\/docs\/\S+$/,
      )
    }
  })
})
