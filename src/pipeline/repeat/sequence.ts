import type { OperationRow } from '../../catalogue/index.ts'
import { AbortedError, type Applied, type PlanData, type SecretValues } from '../../plan/index.ts'
import type { Ending } from '../execution.ts'
import type { Caller, Requester } from '../request.ts'
import type { Reply } from '../stage.ts'

/** An answer and its headers. */
export interface Answer {
  readonly value: unknown
  readonly reply: Reply | undefined
}

/** Requests and waits one after the other; unsubscribing ends the one that runs, and rejects it. */
export class Sequence implements Ending {
  readonly #requester: Requester
  readonly #row: OperationRow
  readonly #secrets: SecretValues
  readonly #caller: Caller
  #count = 0
  #closed = false
  #leave: (() => void) | undefined
  #last: Ending | undefined

  constructor(requester: Requester, row: OperationRow, secrets: SecretValues, caller: Caller) {
    this.#requester = requester
    this.#row = row
    this.#secrets = secrets
    this.#caller = caller
  }

  /** Sends one request; the first is validated, the later ones differ by their place alone. */
  request(plan: PlanData): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(aborted(plan.op))
      this.#count += 1
      const first = this.#count === 1
      const request = this.#requester.start(
        plan,
        this.#row,
        this.#secrets,
        this.#caller,
        first,
        (error, value, reply) => {
          this.#leave = undefined
          if (error !== undefined) reject(error)
          else resolve({ value, reply })
        },
      )
      this.#last = request
      this.#leave = () => {
        request.unsubscribe()
        reject(aborted(plan.op))
      }
    })
  }

  /** Of the last request: the earlier ones were answered. */
  get applied(): Applied {
    return this.#last?.applied ?? 'no'
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(aborted(this.#row.id))
      const cancel = this.#requester.config.clock.after(ms, () => {
        this.#leave = undefined
        resolve()
      })
      this.#leave = () => {
        cancel()
        reject(aborted(this.#row.id))
      }
    })
  }

  unsubscribe(): void {
    this.#closed = true
    const leave = this.#leave
    this.#leave = undefined
    leave?.()
  }
}

function aborted(name: string): AbortedError {
  return new AbortedError(`${name} was left before it ended. Run the plan again for the rest.`)
}
