import type { Subject } from '../steps/index.ts'

/** Which steps run. Reads always do, since later steps live on their values. */
export interface Selection {
  readonly tags?: readonly string[]
  readonly only?: readonly string[]
  readonly startAt?: string
  /** Asks before every write. */
  readonly stepwise?: boolean
}

/** Chooses the steps of one run. */
export class Chooser {
  readonly #selection: Selection
  #started: boolean
  readonly #met = new Set<string>()
  readonly #tags = new Set<string>()

  constructor(selection: Selection) {
    this.#selection = selection
    this.#started = selection.startAt === undefined
  }

  /** Why a step is left out; `undefined` when it runs. */
  leaveOut({ id, effect }: Subject, tags: readonly string[] = []): string | undefined {
    this.#met.add(id)
    for (const tag of tags) this.#tags.add(tag)
    const { startAt, only, tags: wanted } = this.#selection
    if (id === startAt) this.#started = true
    if (effect === 'read') return undefined
    if (!this.#started) return `it comes before "${startAt}", where the run starts`
    if (only !== undefined && only.length > 0 && !only.includes(id)) return 'it is not among the chosen steps'
    if (wanted !== undefined && wanted.length > 0 && !tags.some((tag) => wanted.includes(tag)))
      return `it has none of the tags ${wanted.join(',')}`
    return undefined
  }

  /** Ids that were chosen and that no step had. */
  unmet(): readonly string[] {
    const { startAt, only = [] } = this.#selection
    return [...only, ...(startAt === undefined ? [] : [startAt])].filter((id) => !this.#met.has(id))
  }

  /** Tags that were chosen and that no step had, and those that steps had. */
  tags(): { readonly unmet: readonly string[]; readonly met: readonly string[] } {
    const { tags = [] } = this.#selection
    return { unmet: tags.filter((tag) => !this.#tags.has(tag)), met: [...this.#tags] }
  }
}
