import { AsyncLocalStorage } from 'node:async_hooks'
import type { BasePlan, Flow, Plan } from '../../plan/index.ts'
import { AbortedError, ConfigurationError, isTenantlabError, TenantlabError, type UndoneRun } from '../../plan/index.ts'
import {
  planOf,
  Redactor,
  type RunEvent,
  type RunEventBody,
  type RunListener,
  type RunResult,
  readable,
} from '../../run/index.ts'
import type { RunbookOptions } from '../../runbook/index.ts'
import { guardRuns, interceptRuns, internalsOf, type RunInterceptor, type Session } from '../../session/index.ts'
import { stopOf } from './stop.ts'
import { isWithinStep, TenantRun } from './tenant-run.ts'

/** What the default export of a plain script gets. */
export interface ScriptContext {
  readonly auth0: Session
  /** Words after the file's name on the command line. */
  readonly args: readonly string[]
  /** True when writes are only predicted. */
  readonly check: boolean
}

/** How a script is run. */
export interface ScriptRunOptions {
  /** Names journals and reports; letters, digits, `-`, `_` and `.`. */
  readonly name: string
  readonly mode: 'run' | 'check' | 'plan'
  /** Everything else of a run, the same for every tenant. */
  readonly common?: Omit<RunbookOptions<Record<string, never>>, 'params' | 'mode' | 'journal' | 'audit'>
  /**
   * Journal and audit trail of a tenant, asked for at its first run; in memory where left out.
   *
   * @param run its name: a domain may be reached in several ways, and each is a run of its own.
   */
  journalOf?(session: Session, run: string): Pick<RunbookOptions<Record<string, never>>, 'journal' | 'audit'>
}

/** How the run of one tenant ended. */
export interface EndedRun {
  readonly session: Session
  readonly result: RunResult
}

interface Tenant {
  /** The first that came to it. */
  readonly session: Session
  readonly domain: string
  readonly way: object
  readonly run: TenantRun
}

/** The script whose code runs here. */
const conducted = new AsyncLocalStorage<ScriptRun>()
/** The guard stays for the process: it asks only of what the code of a script runs. */
let guarded = false

const NO_UNDO =
  'The journal of this run is kept elsewhere, and cannot be read while it is written. Undo it when the script has ended.'

/** What code still runs when its script has ended would pass its journal. */
function refuseAfterEnd(work: BasePlan<unknown> | Flow<unknown>): void {
  if (conducted.getStore()?.over !== true || isWithinStep()) return
  throw new AbortedError(`${nameOf(work)}: the run of the script is over, so that nothing more is sent. Run it anew.`)
}

/**
 * Conducts a script: each `run()` of a plan or flow in this process becomes a step of a run, one run for each tenant
 * that the script connects with.
 */
export class ScriptRun implements RunInterceptor {
  /** Where the script is, in front of the ids of its steps: `cell 4`. */
  place: string | undefined
  readonly redactor: Redactor
  readonly #options: ScriptRunOptions
  readonly #tenants: Tenant[] = []
  readonly #release: () => void
  readonly #undos = new WeakMap<Promise<unknown>, () => Promise<UndoneRun | undefined>>()
  #latest: Session | undefined
  #predicted = false
  #over = false

  constructor(options: ScriptRunOptions) {
    this.#options = options
    this.redactor = options.common?.redactor ?? new Redactor()
    this.#release = interceptRuns(this)
    if (!guarded) guardRuns(refuseAfterEnd)
    guarded = true
  }

  /** True where writes are only predicted. */
  get checking(): boolean {
    return this.#options.mode !== 'run'
  }

  /** True once the tenant is no more as it would be: a write was predicted instead of sent. */
  get hasPredicted(): boolean {
    return this.#predicted
  }

  /** True once its runs have ended. */
  get over(): boolean {
    return this.#over
  }

  /** Runs the code of the script, whose plans are refused once its runs have ended. */
  conduct<T>(code: () => Promise<T>): Promise<T> {
    return conducted.run(this, code)
  }

  run(work: BasePlan<unknown> | Flow<unknown>, session: Session, signal: AbortSignal): Promise<unknown> {
    if (isWithinStep()) return runPast(work)
    const tenant = this.#tenantOf(session)
    let id: string | undefined
    const value = tenant.step(this.#placed(nameOf(work)), work, {}, signal, (named) => {
      id = named
    })
    this.#undos.set(value, async () => {
      // Also what a run wrote that failed is undone.
      await value.catch(() => undefined)
      // Of a write that was predicted, or never begun, nothing is to be undone.
      if (id === undefined || this.checking) return { status: 'done', written: 0 }
      return tenant.undo(id, {
        redactor: this.redactor,
        place: (name) => this.#placed(name),
        say: (text) => this.tell({ type: 'say', text }),
      })
    })
    return value
  }

  undoOf(value: Promise<unknown>): (() => Promise<UndoneRun>) | undefined {
    const undo = this.#undos.get(value)
    if (undo === undefined) return undefined
    return async () => (await undo()) ?? Promise.reject(new ConfigurationError(NO_UNDO))
  }

  undo(work: BasePlan<unknown> | Flow<unknown>, session: Session): void {
    // A journal keeps plans alone.
    if (planOf(work) === undefined || isWithinStep()) return
    const { runner } = internalsOf(session)
    const note = runner.flow(
      'undo',
      () => [],
      () => Promise.resolve(undefined),
    )
    const tenant = this.#tenantOf(session)
    const options = { undo: work as Plan<unknown> }
    const noted = tenant.step(this.#placed('undo'), note, options, new AbortController().signal)
    // What keeps it from being written down ends the run, and the next step is told.
    noted.catch(() => undefined)
  }

  /** Tells the listener of something that no step does. */
  tell(body: RunEventBody): void {
    const tenant = this.#latest?.domain ?? ''
    const event = { ...body, tenant, at: new Date().toISOString() }
    this.#options.common?.listener?.(JSON.parse(readable(this.redactor.text(JSON.stringify(event)))) as RunEvent)
  }

  /**
   * Ends the runs of all tenants, when what they still have to send was sent.
   *
   * @param outcome the error that ended the script.
   * @returns How each ended, in the order in which the script came to them.
   */
  async end(outcome: { readonly error?: unknown } = {}): Promise<readonly EndedRun[]> {
    try {
      const stop = 'error' in outcome ? { error: asStop(outcome.error) } : {}
      const ended = await Promise.allSettled(this.#tenants.map(({ run }) => run.end(stop)))
      const broken = ended.find((each) => each.status === 'rejected')
      if (broken !== undefined) throw broken.reason
      return ended.flatMap((each, index) => {
        const session = this.#tenants[index]?.session
        return each.status === 'fulfilled' && session !== undefined ? [{ session, result: each.value }] : []
      })
    } finally {
      this.#over = true
      this.#release()
    }
  }

  #placed(name: string): string {
    return this.place === undefined ? name : `${this.place}: ${name}`
  }

  #tenantOf(session: Session): TenantRun {
    const { way } = internalsOf(session)
    const { domain } = session
    this.#latest = session
    const alike = this.#tenants.filter((each) => each.domain === domain)
    const known = alike.find((each) => each.way === way)
    if (known !== undefined) return known.run
    const { name, mode, common, journalOf } = this.#options
    const own = alike.length === 0 ? name : `${name}.${alike.length + 1}`
    const run = new TenantRun(own, session, {
      ...common,
      redactor: this.redactor,
      mode,
      listener: this.#listening(common?.listener),
      ...journalOf?.(session, own),
    })
    this.#tenants.push({ session, domain, way, run })
    return run
  }

  #listening(listener: RunListener = () => undefined): RunListener {
    return (event) => {
      if (event.type === 'planned_change' || (event.type === 'step_end' && event.outcome === 'predicted'))
        this.#predicted = true
      listener(event)
    }
  }
}

/** `clients.create`, the name of a flow, or the route of a raw request. */
function nameOf(work: BasePlan<unknown> | Flow<unknown>): string {
  const plan = planOf(work)
  if (plan === undefined) return (work as Flow<unknown>).name
  return plan.op === 'raw' ? (plan.route ?? plan.op) : plan.op
}

/** Runs work past the interceptor. */
function runPast(work: BasePlan<unknown> | Flow<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let value: unknown
    work.events().subscribe({
      next(event) {
        if (event.kind === 'value') value = event.value
      },
      error: reject,
      complete: () => resolve(value),
    })
  })
}

function asStop(error: unknown): unknown {
  const { kind, message } = stopOf(error)
  return isTenantlabError(error) && error.kind === kind ? error : new TenantlabError(kind, message, { cause: error })
}

/** True for what cannot be known without sending writes. */
export function isPredicted(error: unknown): boolean {
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    if (isTenantlabError(each) && each.kind === 'predicted') return true
  return false
}
