import type { Json, JsonObject } from '../../plan/index.ts'

/** What a tenant knows about the records of one kind. */
export interface TableRules<R extends JsonObject> {
  /** What a message calls one record: `client grant`. */
  readonly name: string
  /** Field that holds a record's key; absent where the key joins several fields. */
  readonly key?: string
  /** Fields of which no two records may have the same value; each is an index too. */
  readonly unique?: readonly (keyof R & string)[]
  /** Further values that records are looked up by: the values of a record under each name. */
  readonly indexes?: Readonly<Record<string, (record: R) => readonly (string | undefined)[]>>
  /**
   * Fields that name a record of another table. Where that record goes, so does every record that names it, or, where
   * the field is a list of ids, the id goes from the list.
   */
  readonly references?: Readonly<Record<string, string>>
  /** The table whose keys these records have too: they go with the record of the same key. */
  readonly owner?: string
  /** `errorCode` of the 404 for an unknown id; Auth0 gives none for many kinds. */
  readonly missing?: string
  /** `errorCode` of the 409 for a value that is taken. */
  readonly conflict?: string
}

interface Index<R> {
  readonly valuesOf: (record: R) => readonly (string | undefined)[]
  readonly keys: Map<string, Set<string>>
}

interface Change<R> {
  readonly at: number
  readonly key: string
  /** The record before the change; `undefined` where there was none. */
  readonly before: R | undefined
}

/**
 * The records of one kind, by key, in order of creation. A map that also finds records by its indexes, takes along what
 * refers to a record that goes, and remembers for a while what it held before, for readers that see it late.
 */
export class Table<R extends JsonObject = JsonObject> extends Map<string, R> {
  readonly rules: TableRules<R>
  /** Rises with every change. */
  version = 0
  readonly #indexes = new Map<string, Index<R>>()
  readonly #orders = new Map<string, { readonly version: number; readonly records: readonly R[] }>()
  readonly #dependents: { readonly table: Table; readonly field: string | undefined }[] = []
  readonly #watchers: ((before: R | undefined, after: R | undefined) => void)[] = []
  #now: (() => number) | undefined
  #kept = 0
  #changed: Set<string> | undefined
  #changes: Change<R>[] = []
  #drawn: (() => Iterable<readonly [string, JsonObject]>) | undefined
  #early: ReadonlySet<string> = new Set()

  constructor(rules: TableRules<R>) {
    super()
    this.rules = rules
  }

  /**
   * Stores a record. It may be any JSON that the schema of its operation let in; what the type of the table promises is
   * what every writer of the table sets.
   */
  override set(key: string, record: JsonObject): this {
    const before = super.get(key)
    this.#remember(key, before)
    for (const index of this.#indexes.values()) this.#reindex(index, key, before, record as R)
    super.set(key, record as R)
    this.version += 1
    this.#changed?.add(key)
    for (const told of this.#watchers) told(before, record as R)
    return this
  }

  /** Takes one record away and leaves what refers to it; see `remove`. */
  override delete(key: string): boolean {
    const before = this.get(key)
    if (before === undefined) return false
    this.#remember(key, before)
    for (const index of this.#indexes.values()) this.#reindex(index, key, before, undefined)
    super.delete(key)
    this.version += 1
    this.#changed?.add(key)
    for (const told of this.#watchers) told(before, undefined)
    return true
  }

  override clear(): void {
    this.#drawn = undefined
    if (this.#changed) for (const key of this.keys()) this.#changed.add(key)
    super.clear()
    this.#changes = []
    for (const index of this.#indexes.values()) index.keys.clear()
    this.version += 1
  }

  override get(key: string): R | undefined {
    const stored = super.get(key)
    if (stored !== undefined || this.#drawn === undefined) return stored
    this.#draw()
    return super.get(key)
  }

  override has(key: string): boolean {
    return this.get(key) !== undefined
  }

  override get size(): number {
    this.#draw()
    return super.size
  }

  override keys(): MapIterator<string> {
    this.#draw()
    return super.keys()
  }

  override values(): MapIterator<R> {
    this.#draw()
    return super.values()
  }

  override entries(): MapIterator<[string, R]> {
    this.#draw()
    return super.entries()
  }

  override [Symbol.iterator](): MapIterator<[string, R]> {
    return this.entries()
  }

  override forEach(told: (record: R, key: string, table: Map<string, R>) => void): void {
    this.#draw()
    super.forEach(told)
  }

  /**
   * Gives the table records that are made when something first reads more than what is stored. They stand behind those
   * that the table has now, before those that come until then, and no watcher is told.
   */
  later(records: () => Iterable<readonly [string, JsonObject]>): void {
    this.#early = new Set(super.keys())
    this.#drawn = records
    this.version += 1
  }

  /** True while records of `later()` are not made yet. */
  get isWaiting(): boolean {
    return this.#drawn !== undefined
  }

  /** The records that are stored, without those of `later()`. */
  stored(): [string, R][] {
    return [...super.entries()]
  }

  /** From now on the keys of changed records are noted, for `takeChanged`. */
  trackChanges(): void {
    this.#changed ??= new Set()
  }

  /** The keys of the records that were stored or taken away since the last call. */
  takeChanged(): readonly string[] {
    const keys = [...(this.#changed ?? [])]
    this.#changed?.clear()
    return keys
  }

  /** Tells of every record that is stored or taken away, with what stood there before. */
  watch(told: (before: R | undefined, after: R | undefined) => void): void {
    this.#watchers.push(told)
  }

  /** Takes a record away with everything that refers to it. */
  remove(key: string): boolean {
    if (!this.delete(key)) return false
    for (const { field, table } of this.#dependents) {
      if (field === undefined) table.remove(key)
      else table.#forget(field, key)
    }
    return true
  }

  /** Keys of the records whose `field` (an index, a unique field or a reference) has the value. */
  keysWhere(field: string, value: string): readonly string[] {
    return [...(this.#index(field).keys.get(value) ?? [])]
  }

  /**
   * The records whose `field` (an index, a unique field or a reference) has the value.
   * @param at looks at the records as they were then; see `asOf`
   */
  where(field: string, value: string, at?: number): readonly R[] {
    const seen = at === undefined ? this : this.asOf(at)
    if (seen === this) return this.keysWhere(field, value).map((key) => this.get(key) as R)
    const { valuesOf } = this.#index(field)
    return [...seen.values()].filter((record) => valuesOf(record).includes(value))
  }

  /** One of the records that `where` gives. */
  find(field: string, value: string): R | undefined {
    for (const key of this.#stored(field).keys.get(value) ?? []) return this.get(key)
    if (this.#drawn === undefined) return undefined
    this.#draw()
    return this.find(field, value)
  }

  /** Whether another record than that of `except` has the value in a field. */
  isTaken(field: string, value: string, except?: string): boolean {
    for (const key of this.#index(field).keys.get(value) ?? []) if (key !== except) return true
    return false
  }

  /** All records in an order, kept until the table changes. */
  ordered(name: string, compare: (a: R, b: R) => number): readonly R[] {
    const known = this.#orders.get(name)
    if (known?.version === this.version) return known.records
    const records = [...this.values()].sort(compare)
    this.#orders.set(name, { version: this.version, records })
    return records
  }

  /**
   * Lets records of this table go, or lists in them shrink, with the records of another that they refer to.
   * @param field what names the other record; without it, the key of both is the same
   */
  dependsOn(other: Table, field?: string): void {
    other.#dependents.push({ table: this as unknown as Table, field })
  }

  /** Remembers changes from now on for `milliseconds`, so that `asOf` can look back. */
  keepHistory(milliseconds: number, now: () => number): void {
    this.#changes = []
    this.#kept = milliseconds
    this.#now = now
  }

  /** The records as they were at a time (epoch milliseconds) that `keepHistory` still covers. */
  asOf(at: number): ReadonlyMap<string, R> {
    const later = this.#changes.filter((change) => change.at > at)
    if (later.length === 0) return this
    const then = new Map<string, R>(this)
    for (const { before, key } of later.reverse()) {
      if (before === undefined) then.delete(key)
      else then.set(key, before)
    }
    return then
  }

  /** Records that went after a time that `keepHistory` still covers, as they last were. */
  goneSince(at: number): ReadonlyMap<string, R> {
    const gone = new Map<string, R>()
    for (const { at: when, before, key } of this.#changes)
      if (when > at && before !== undefined && !this.has(key)) gone.set(key, before)
    return gone
  }

  #remember(key: string, before: R | undefined): void {
    if (this.#now === undefined) return
    const now = this.#now()
    this.#changes.push({ at: now, key, before })
    const oldest = now - this.#kept
    if ((this.#changes[0]?.at ?? now) < oldest) this.#changes = this.#changes.filter((change) => change.at >= oldest)
  }

  #forget(field: string, key: string): void {
    for (const mine of this.keysWhere(field, key)) {
      const record = this.get(mine)
      const value: Json | undefined = record?.[field]
      if (record !== undefined && Array.isArray(value))
        this.set(mine, { ...record, [field]: value.filter((each) => each !== key) })
      else this.remove(mine)
    }
  }

  #draw(): void {
    const drawn = this.#drawn
    if (drawn === undefined) return
    this.#drawn = undefined
    const since = this.stored().filter(([key]) => !this.#early.has(key))
    for (const [key] of since) super.delete(key)
    for (const [key, record] of drawn()) super.set(key, record as R)
    for (const [key, record] of since) super.set(key, record)
    this.#indexes.clear()
    this.version += 1
  }

  #index(field: string): Index<R> {
    this.#draw()
    return this.#stored(field)
  }

  /** The index over what is stored. */
  #stored(field: string): Index<R> {
    const known = this.#indexes.get(field)
    if (known !== undefined) return known
    const valuesOf = this.rules.indexes?.[field] ?? ((record: R) => textsOf(record[field]))
    const made: Index<R> = { valuesOf, keys: new Map() }
    for (const [key, record] of this.stored()) this.#reindex(made, key, undefined, record)
    this.#indexes.set(field, made)
    return made
  }

  #reindex(index: Index<R>, key: string, before: R | undefined, after: R | undefined): void {
    const old = before === undefined ? [] : index.valuesOf(before)
    const fresh = after === undefined ? [] : index.valuesOf(after)
    for (const value of old) {
      if (value === undefined || fresh.includes(value)) continue
      const keys = index.keys.get(value)
      keys?.delete(key)
      if (keys?.size === 0) index.keys.delete(value)
    }
    for (const value of fresh) {
      if (value === undefined) continue
      const keys = index.keys.get(value)
      if (keys === undefined) index.keys.set(value, new Set([key]))
      else keys.add(key)
    }
  }
}

/** The texts that a field holds: its own value, or those of its list. */
function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}
