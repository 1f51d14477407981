import { canonicalJson, type Json, jsonOf } from '../../plan/index.ts'
import type { Ledger, StepRecord } from '../journal/index.ts'
import type { IncomingStep, StepMaker, StepRequest, StepSource } from '../steps/index.ts'
import { planOf, subjectOf } from '../steps/index.ts'
import { interruption, mayBeCaught } from './interruption.ts'
import type { Run } from './run.ts'

/** Longest name of a step, its number aside. */
const LONGEST = 180

/**
 * Settles the steps of a script as they come, as many at once as it has asked for. Where writes are predicted, and where
 * a person is asked before each, one follows the other: a plan file has an order, and so has a conversation.
 *
 * @param settle runs one step.
 * @throws What stops the run, once the steps that were under way have ended.
 */
export async function settleIncoming(
  run: Run,
  source: StepSource,
  maker: StepMaker,
  settle: (request: StepRequest) => Promise<unknown>,
): Promise<void> {
  const ids = new StepIds(run.ledger)
  const running = new Set<{ beside: boolean }>()
  const ended = new Set<Promise<void>>()
  const stops: unknown[] = []
  let wake = (): void => undefined
  const stopWith = (error: unknown): void => {
    stops.push(error)
    wake()
  }
  /** The next step; nothing as soon as the run is stopped. */
  const next = (): Promise<IncomingStep | undefined> =>
    new Promise((resolve, reject) => {
      wake = () => resolve(undefined)
      source.next().then(resolve, reject)
    })
  const carryOut = async (step: IncomingStep): Promise<void> => {
    const own = { beside: running.size > 0 }
    for (const other of running) other.beside = true
    running.add(own)
    try {
      const id = ids.idFor(step.name, step.work)
      step.named?.(id)
      const [request] = maker(id, step.work, step.options)
      // The script's own run() knows the line that a failure points at.
      const { signal } = step
      const asked = { ...(request as StepRequest), site: undefined, handsOnFailures: true as const, signal }
      step.resolve(await settle({ ...asked, beside: () => own.beside }))
    } catch (error) {
      // What stops the run is told when it is over; a step that its own code has given up stops nothing else.
      const stops = !mayBeCaught(error) && (!step.signal.aborted || run.stopped !== undefined)
      if (run.records.failure !== undefined || stops) stopWith(error)
      else step.reject(error)
    } finally {
      running.delete(own)
    }
  }
  const alone = run.predicting || run.parts.selection.stepwise === true
  try {
    for (let step = await next(); step !== undefined && stops.length === 0; step = await next()) {
      if (run.stopped !== undefined) throw interruption(run.stopped, `before the step "${step.name}"`)
      const end: Promise<void> = carryOut(step).finally(() => ended.delete(end))
      ended.add(end)
      if (alone) await end
      if (stops.length > 0) break
    }
  } catch (error) {
    stopWith(error)
  }
  await Promise.all(ended)
  if (stops.length > 0) throw stops[0]
}

/**
 * Ids of steps that have names alone. Code that ran several at once came to them in an order of its own, so that a number
 * says nothing: the run that continues it finds each by what it sends.
 */
class StepIds {
  readonly #taken = new Set<string>()
  readonly #counts = new Map<string, number>()
  /** Ids of a journal by name and what their steps sent; empty where the order tells them. */
  readonly #recorded = new Map<string, string[]>()
  readonly #ledger: Ledger
  readonly #ordered: boolean

  constructor(ledger: Ledger) {
    this.#ledger = ledger
    this.#ordered = ![...ledger.steps.values()].some(({ begun }) => begun?.beside === true)
    if (this.#ordered) return
    for (const record of ledger.steps.values()) {
      for (const sign of signsOf(record)) {
        const key = `${record.id.replace(/ \d+$/, '')}\n${sign}`
        const known = this.#recorded.get(key)
        if (known === undefined) this.#recorded.set(key, [record.id])
        else known.push(record.id)
      }
    }
  }

  idFor(name: string, work: IncomingStep['work']): string {
    const plain = name.replace(/[{}\s]+/g, ' ').trim()
    const base = plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain
    const id = this.#known(base, work) ?? this.#next(base)
    this.#taken.add(id)
    return id
  }

  /** The id under which a journal has what is sent now. */
  #known(base: string, work: IncomingStep['work']): string | undefined {
    if (this.#ordered) return undefined
    const plan = planOf(work)
    const signs = [subjectOf({ kind: 'step', id: base, work, options: {} }).hash, ...(plan ? [placeOf(plan)] : [])]
    for (const sign of signs) {
      const ids = this.#recorded.get(`${base.replace(/ \d+$/, '')}\n${sign}`) ?? []
      const id = ids.find((each) => !this.#taken.has(each) && isNumbered(each, base))
      if (id !== undefined) return id
    }
    return undefined
  }

  #next(base: string): string {
    for (let count = (this.#counts.get(base) ?? 0) + 1; ; count += 1) {
      const id = count === 1 ? base : `${base} ${count}`
      const isFree = !this.#taken.has(id) && (this.#ordered || !this.#ledger.steps.has(id))
      if (!isFree) continue
      this.#counts.set(base, count)
      return id
    }
  }
}

function isNumbered(id: string, base: string): boolean {
  return id === base || (id.startsWith(`${base} `) && /^\d+$/.test(id.slice(base.length + 1)))
}

/** What tells a step of a journal from others of its name: all that it sends, else where to and for whom. */
function signsOf({ begun }: StepRecord): readonly string[] {
  if (begun === undefined) return []
  return begun.plan === undefined ? [begun.hash] : [begun.hash, placeOf(begun.plan)]
}

/** Members by which Auth0 names what a body is about. */
const NAMES = ['name', 'email', 'user_id', 'username', 'client_id', 'display_name', 'id']

/** Where a plan goes to, and what its body names: a time or a random value in the body changes neither. */
function placeOf({ op, params = {}, route, body }: NonNullable<ReturnType<typeof planOf>>): string {
  const members = (jsonOf(body) ?? {}) as { readonly [name: string]: Json | undefined }
  const names = NAMES.map((name) => members[name] ?? null)
  return canonicalJson([
    op,
    route ?? null,
    Object.entries(params)
      .sort()
      .map(([key, value]) => [key, String(value)]),
    names,
  ])
}
