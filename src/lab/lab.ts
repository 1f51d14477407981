import { connect } from '../connect/index.ts'
import { type BasePlan, ConfigurationError, type Flow, TenantlabError } from '../plan/index.ts'
import { type Sandbox, type SandboxOptions, sandbox } from '../sandbox/index.ts'
import { internalsOf, noteUndo, type Session } from '../session/index.ts'

/**
 * How a notebook begins.
 *
 * @example
 * const { finish } = await lab({ seed: 'mine', sandboxOnly: true })
 * await finish()
 */
export interface LabOptions extends SandboxOptions {
  /** True for a notebook that reads an outbox, moves the clock or plays faults: it never leaves the sandbox. */
  readonly sandboxOnly?: boolean
}

/** A session to learn with, and the tenant behind it. */
export interface Lab {
  readonly auth0: Session
  /** The embedded tenant; absent where the session is connected with a real one. */
  readonly tenant?: Sandbox
  /** `sandbox`, or the domain of the real tenant that `TENANTLAB_TENANT` names. */
  readonly where: string
  /** Remembers a plan that undoes what the notebook did; `finish()` runs it. */
  undo(plan: BasePlan<unknown> | Flow<unknown>): void
  /**
   * Runs the plans that were given to `undo()`, last one first, and closes the sandbox.
   *
   * @returns One sentence about what was done.
   * @throws TenantlabError when one of them fails; the others are run all the same.
   */
  finish(): Promise<string>
}

/** A session that never leaves the embedded tenant. */
export interface SandboxLab extends Lab {
  readonly tenant: Sandbox
}

/**
 * Opens the tenant of a notebook. That is an embedded tenant, and `AUTH0_*` variables and profiles are not read. Only
 * when `TENANTLAB_TENANT` names the domain that they connect with is it that tenant; writes are then refused, unless
 * `TENANTLAB_ALLOW_WRITES` is `1`.
 *
 * The embedded tenant has 500 people and a month of logs, made when something first reads them; `users` and `days` say
 * otherwise. So does a tenant that is brought by `from` or `data`, or is `empty`.
 *
 * With a `seed` the clock begins at nine in the morning of 2 November 2026 and runs by what requests and waits take, 40 ms
 * for each answer, so that every run shows the same times: the logs end at that date. `clock` and `latency` say otherwise.
 * Without a `seed` the clock is the real one, and the logs end now.
 *
 * @param options Those of `sandbox()`, and `sandboxOnly` for a notebook that cannot run on a real tenant.
 * @returns The session, the embedded tenant where it is one, and `finish()`, which undoes and closes.
 * @throws ConfigurationError when `TENANTLAB_TENANT` names another domain than the connection has.
 * @example
 * const { auth0, tenant, undo, finish } = await lab({ seed: 'my notebook' })
 * const role = await auth0.roles.create({ name: 'support' }).run()
 * undo(auth0.roles(role.id ?? '').delete())
 * await finish()
 */
export function lab(options: LabOptions & { readonly sandboxOnly: true }): Promise<SandboxLab>
export function lab(options?: LabOptions): Promise<Lab>
export async function lab(options: LabOptions = {}): Promise<Lab> {
  const { sandboxOnly = false, ...setup } = options
  const wanted = process.env.TENANTLAB_TENANT
  if (wanted === undefined || wanted === '') return embedded(setup)
  if (sandboxOnly) {
    console.log('This notebook needs an outbox, a clock or faults that only the sandbox has, so it stays there.')
    return embedded(setup)
  }
  return real(wanted)
}

/** What an answer of a real tenant takes, in milliseconds. */
const LATENCY = 40
/** A tenant worth looking at. */
const PEOPLE = 500
const MONTH = 30

/**
 * A notebook with a seed shows the same times in every run: its clock begins at one date, and runs by what its requests and
 * waits take. Unless it says otherwise.
 */
async function embedded(setup: SandboxOptions): Promise<SandboxLab> {
  const running = setup.seed === undefined ? {} : ({ clock: 'fixed', latency: LATENCY } as const)
  const tenant = await sandbox({ ...running, ...setup, ...populationOf(setup) })
  const auth0 = connect(tenant.options)
  return { auth0, tenant, where: 'sandbox', ...ending(auth0, () => tenant.close()) }
}

/** The people and days of logs that a notebook gets: those that it names, else many, unless it brings a tenant. */
function populationOf(setup: SandboxOptions): Pick<SandboxOptions, 'users' | 'days'> {
  const brought = setup.empty === true || setup.from !== undefined || setup.data !== undefined
  const users = setup.users ?? (brought ? 0 : PEOPLE)
  const days = setup.days ?? (typeof users === 'number' && users > 0 && !brought ? MONTH : 0)
  return { users, days }
}

function real(wanted: string): Lab {
  const allowed = process.env.TENANTLAB_ALLOW_WRITES === '1'
  const auth0 = connect(allowed ? {} : { writes: 'deny' })
  if (auth0.domain !== wanted) {
    throw new ConfigurationError(
      `TENANTLAB_TENANT is ${wanted}, but the connection is with ${auth0.domain}. Name the connected domain to leave the ` +
        'sandbox, or unset TENANTLAB_TENANT to stay in it.',
    )
  }
  const writes = allowed
    ? 'Writes are sent; what can be undone is undone by finish().'
    : 'Writes stop at their plan; set TENANTLAB_ALLOW_WRITES=1 to send them.'
  console.log(`Connected with the real tenant ${wanted}. ${writes}`)
  return { auth0, where: wanted, ...ending(auth0, () => Promise.resolve()) }
}

function ending(auth0: Session, close: () => Promise<void>): Pick<Lab, 'undo' | 'finish'> {
  internalsOf(auth0).keepJournals()
  const steps: (BasePlan<unknown> | Flow<unknown>)[] = []
  return {
    undo(plan) {
      steps.push(plan)
      // A run that ends before finish() can be undone from its journal.
      noteUndo(plan, auth0)
    },
    async finish() {
      const failed: unknown[] = []
      const done = steps.length
      for (const step of steps.splice(0).reverse()) {
        const outcome = await step.run().outcome()
        if (outcome.status === 'error') failed.push(outcome.error)
      }
      await close()
      if (failed.length > 0) {
        const reasons = failed.map((error) => (error as Error).message).join(' ')
        throw new TenantlabError(
          'configuration',
          `${failed.length} of ${done} steps could not be undone. ${reasons} Undo them by hand.`,
          { cause: failed[0] },
        )
      }
      return done === 0 ? 'Done. Nothing was left to undo.' : `Done. Undone: ${done}.`
    },
  }
}
