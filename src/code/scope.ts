import { builtinModules, createRequire } from 'node:module'
import { TenantlabError } from '../plan/index.ts'

/** The outermost names of all code that runs in one place, which each piece sees as its own. */
export class Scope {
  readonly #values = new Map<string, unknown>()
  /** Why a name has no value. */
  readonly #missing = new Map<string, string>()
  readonly #require: NodeJS.Require
  /** What code looks its names up in. */
  readonly names: object

  /**
   * @param path file that relative imports start at.
   * @param given names that are there from the start.
   */
  constructor(path: string, given: Readonly<Record<string, unknown>> = {}) {
    this.#require = createRequire(path)
    for (const [name, value] of Object.entries(given)) this.#values.set(name, value)
    this.names = new Proxy(
      {},
      {
        has: (_, key) => typeof key === 'string' && (this.#values.has(key) || this.#offers(key)),
        get: (_, key) => (typeof key === 'string' ? this.#read(key) : undefined),
        set: (_, key, value) => {
          if (typeof key !== 'string') return false
          this.define(key, value)
          return true
        },
      },
    )
  }

  /** The names and values that were made or given. */
  get own(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#values].filter(([name]) => !this.#missing.has(name)))
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  define(name: string, value: unknown): void {
    this.#missing.delete(name)
    this.#values.set(name, value)
  }

  /**
   * Makes names known before the code runs that gives them values.
   *
   * @param by the code, such as `cell 4`: until it has run they cannot be read. Without it they keep the values that
   *   they have.
   */
  declare(names: readonly string[], by?: string): void {
    for (const name of names) {
      if (by === undefined) {
        if (!this.#values.has(name)) this.#values.set(name, undefined)
        continue
      }
      this.#values.set(name, undefined)
      this.#missing.set(name, by)
    }
  }

  /** What a file finds beside the globals of Node; Node's own modules by their names, as in its console. */
  #offers(name: string): boolean {
    return name === 'require' || (MODULES.has(name) && !(name in globalThis))
  }

  #read(name: string): unknown {
    const by = this.#missing.get(name)
    if (by !== undefined) {
      throw new TenantlabError(
        'predicted',
        `"${name}" has no value: ${by}, which makes it, has not come so far. See what has stopped that cell.`,
      )
    }
    if (this.#values.has(name)) return this.#values.get(name)
    return name === 'require' ? this.#require : this.#require(`node:${name}`)
  }
}

const MODULES: ReadonlySet<string> = new Set(builtinModules.filter((name) => /^[a-z]\w*$/.test(name)))
