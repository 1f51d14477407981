import { TenantlabError } from '../plan/index.ts'

/** The outermost names of all cells, which each cell sees as its own. */
export class CellNames {
  readonly #values = new Map<string, unknown>()
  /** Why a name has no value. */
  readonly #missing = new Map<string, string>()
  /** What the code of a cell looks its names up in. */
  readonly scope: object

  /** @param given names that the place around the cells offers. */
  constructor(given: Readonly<Record<string, unknown>>) {
    for (const [name, value] of Object.entries(given)) this.#values.set(name, value)
    this.scope = new Proxy(
      {},
      {
        has: (_, key) => typeof key === 'string' && this.#values.has(key),
        get: (_, key) => (typeof key === 'string' ? this.#read(key) : undefined),
        set: (_, key, value) => {
          if (typeof key !== 'string') return false
          this.#missing.delete(key)
          this.#values.set(key, value)
          return true
        },
      },
    )
  }

  /** Makes names known before the cell runs that gives them values. */
  declare(names: readonly string[], cell: string): void {
    for (const name of names) {
      this.#values.set(name, undefined)
      this.#missing.set(name, cell)
    }
  }

  #read(name: string): unknown {
    const cell = this.#missing.get(name)
    if (cell === undefined) return this.#values.get(name)
    throw new TenantlabError(
      'predicted',
      `"${name}" has no value: ${cell}, which makes it, has not come so far. See what has stopped that cell.`,
    )
  }
}
