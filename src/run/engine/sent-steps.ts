import type { Ledger, StepRecord } from '../journal/index.ts'

/**
 * Steps of a journal by what they sent, or may have sent. Asked for each new step, of which a long run has many: they are
 * looked up, and not gone through.
 */
export class SentSteps {
  readonly #byHash = new Map<string, StepRecord[]>()

  constructor({ steps }: Ledger) {
    for (const record of steps.values()) {
      const { begun, done, unknown } = record
      if (begun === undefined || (done === undefined && !unknown)) continue
      const alike = this.#byHash.get(begun.hash)
      if (alike === undefined) this.#byHash.set(begun.hash, [record])
      else alike.push(record)
    }
  }

  /** The first that sent a plan of this hash, and that the runbook has not met; what it has met stays so. */
  unmet(hash: string, met: ReadonlySet<string>): StepRecord | undefined {
    const alike = this.#byHash.get(hash)
    while (alike?.[0] !== undefined && met.has(alike[0].id)) alike.shift()
    return alike?.[0]
  }
}
