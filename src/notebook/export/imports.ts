import type { TreeNode } from '../../code/index.ts'

interface Source {
  readonly named: Map<string, string>
  readonly types: Map<string, string>
  readonly whole: Set<string>
}

/** The imports of all cells, each name once. */
export class Imports {
  readonly #sources = new Map<string, Source>()

  /** Takes one import; answers the names that it makes, with what they are called where they come from. */
  take(
    node: TreeNode,
    code: string,
  ): readonly { readonly local: string; readonly name: string; readonly from: string }[] {
    const from = String(node.source.value)
    const source = this.#of(from)
    if (node.specifiers.length === 0) source.whole.add(code.slice(node.start, node.end).replace(/;$/, ''))
    return node.specifiers.flatMap((each: TreeNode) => {
      const local = each.local.name as string
      if (each.type === 'ImportNamespaceSpecifier') source.whole.add(`import * as ${local} from '${from}'`)
      else if (each.type === 'ImportDefaultSpecifier') source.whole.add(`import ${local} from '${from}'`)
      else {
        const isType = node.importKind === 'type' || each.importKind === 'type'
        const name = each.imported.name as string
        ;(isType ? source.types : source.named).set(local, name)
        return [{ local, name, from }]
      }
      return [{ local, name: '*', from }]
    })
  }

  add(from: string, name: string): void {
    const source = this.#of(from)
    if (name.startsWith('type ')) source.types.set(name.slice(5), name.slice(5))
    else source.named.set(name, name)
  }

  /** The lines, without names that are not used. */
  lines(used: ReadonlySet<string>): readonly string[] {
    const isUsed = (local: string): boolean => used.has(local)
    return [...this.#sources].sort(order).flatMap(([from, { named, types, whole }]) => {
      const values = spelled(named, isUsed)
      const onlyTypes = spelled(types, isUsed)
      const names =
        values.length === 0 ? onlyTypes : [...onlyTypes.map((name) => `type ${name}`), ...values].sort(byName)
      const kept = [...whole].filter((line) => {
        const local = /^import (?:\* as )?(\w+) from/.exec(line)?.[1]
        return local === undefined || isUsed(local)
      })
      const word = values.length === 0 ? 'import type' : 'import'
      return [...kept, ...(names.length === 0 ? [] : [`${word} { ${names.join(', ')} } from '${from}'`])]
    })
  }

  #of(from: string): Source {
    const known = this.#sources.get(from)
    if (known !== undefined) return known
    const source: Source = { named: new Map(), types: new Map(), whole: new Set() }
    this.#sources.set(from, source)
    return source
  }
}

function spelled(names: ReadonlyMap<string, string>, isUsed: (local: string) => boolean): string[] {
  return [...names]
    .filter(([local]) => isUsed(local))
    .map(([local, name]) => (local === name ? name : `${name} as ${local}`))
    .sort(byName)
}

function byName(a: string, b: string): number {
  return a.replace('type ', '').localeCompare(b.replace('type ', ''))
}

function order([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a.localeCompare(b)
}
