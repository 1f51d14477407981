import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { AbortedError, canonicalJson, host, type Json, jsonOf, type PlanEvent } from '../plan/index.ts'
import type { Runbook } from '../run/index.ts'
import {
  type Ask,
  type AuditTrail,
  execute,
  type HeldLock,
  type Journal,
  type LockRun,
  memoryJournal,
  noAudit,
  type OpenJournal,
  Redactor,
  type RunListener,
  type RunMode,
  type RunOrigin,
  type RunParts,
  type RunResult,
  type Selection,
  undoneBy,
} from '../run/index.ts'
import { internalsOf, predictWrites, type Session } from '../session/index.ts'
import { askHost } from './ask-host.ts'
import { begin } from './begin.ts'
import { fileAudit, fileJournal, knownRuns, type RunbookFile, realPath, secretHash } from './files/index.ts'
import { originOf } from './origin.ts'
import { checkParams, shownParams } from './params/index.ts'
import type { KeptRecords } from './report/index.ts'
import { accountOf, askingAlone, showResult, type ToldEvents } from './report/index.ts'

/**
 * How `runRunbook()` runs.
 *
 * @example
 * const runbook = defineRunbook({
 *   name: 'roles',
 *   async *steps({ auth0, step }) {
 *     yield* step('list', auth0.roles.list())
 *   },
 * })
 * await runRunbook(runbook, auth0, { mode: 'check', maxRequests: 100 })
 */
export interface RunbookOptions<P> {
  readonly params?: P | Json
  /**
   * `run` sends; `check` and `plan` predict writes, and no session sends one for them, whatever it was connected with. In
   * a session that predicts writes every run is a check.
   */
  readonly mode?: RunMode
  /**
   * A journal, what opens one, or the path of its file; a run that finds entries in it goes on after them. It is closed
   * with the run. In memory when left out.
   */
  readonly journal?: Journal | OpenJournal | string
  /** Where audit records go; beside the journal's file when left out. It is closed with the run. */
  readonly audit?: AuditTrail
  /**
   * Lets one process at a time run the same: runbook, parameters and tenant. A journal in a file has a lock beside it
   * as well; a check needs none.
   */
  readonly lock?: LockRun
  readonly select?: Selection
  /** Path of the runbook's file: journal and audit trail name it, and its hash. */
  readonly file?: string
  /** True where the same is meant to be done once more, although an earlier run of it is unfinished or applied. */
  readonly again?: boolean
  /** Most requests; what the runbook says, else 10 000 beside those of the items of an `each`, which its list bounds. */
  readonly maxRequests?: number
  /**
   * Most milliseconds that one step waits where the server refuses it for now and tells when to come back; 600 000 when
   * left out. Events tell of each wait.
   */
  readonly maxWait?: number
  /**
   * Most steps, those that an earlier run did aside; what the runbook says, else 10 000, or as many as requests where
   * that is more. It ends a loop that sends nothing.
   */
  readonly maxSteps?: number
  /**
   * Asks a person. Where left out, the notebook or the console asks if it can; where there is no terminal to ask on, a question
   * stops the run.
   */
  readonly ask?: Ask
  /** Answers confirmations with yes. */
  readonly yes?: boolean
  readonly listener?: RunListener
  /** Hears the events of every plan that is sent, as `plan.events()` gives them. */
  readonly heard?: (event: PlanEvent<unknown>) => void
  /** Ends the run at once: a request in flight is given up. */
  readonly signal?: AbortSignal
  /** Ends the run in good order: requests in flight are waited for, and nothing more is sent. */
  readonly stop?: AbortSignal
  /** Remembers secrets, so that nothing shows one; one for several runs where their outputs go together. */
  readonly redactor?: Redactor
}

const ofFlows = new WeakSet<object>()

/** Remembers that a runbook is a flow, whose execution is what an interrupt ends. */
export function keepOfFlow<T extends object>(runbook: T): T {
  ofFlows.add(runbook)
  return runbook
}

const MOST = 10_000
/** Ten minutes. */
const MOST_WAIT = 600_000

/**
 * Runs a runbook in a session. To interrupt the cell of a notebook, or the console, stops the run as its signal does.
 *
 * @returns How it ended, which shows itself; `exitCode` as the command would answer. Rejects only when the run cannot
 *   begin, or its journal or audit trail cannot be written: nothing is sent after that, and the run can be resumed.
 * @throws ConfigurationError when the journal is another's, or was begun with other parameters; ValidationError when
 *   parameters break a rule.
 * @example
 * const runbook = defineRunbook({
 *   name: 'roles',
 *   async *steps({ auth0, step }) {
 *     yield* step('create', auth0.roles.create({ name: 'support' }))
 *   },
 * })
 * const { status } = await runRunbook(runbook, auth0, { mode: 'check' })
 * console.log(status)
 */
export async function runRunbook<P>(
  runbook: Runbook<P>,
  session: Session,
  options: RunbookOptions<P> = {},
): Promise<RunResult> {
  const { redactor = new Redactor(), listener } = options
  const params = checkParams(runbook, options.params, redactor)
  const shown = shownParams(runbook, params, redactor)
  const mode = modeIn(session, options.mode)
  const predicting = mode === 'check' || mode === 'plan'
  const asks = options.ask ?? askHost
  const ask = listener === undefined ? asks : askingAlone(asks, listener)
  const tenant = session.domain
  // What a run of its own would write down has not happened where it has become a check.
  const kept = predicting && mode !== options.mode ? withoutFile(options.journal) : options.journal
  const origin = predicting ? undefined : originOf(options.file)
  const isKept = typeof kept === 'string' && !predicting
  const whole = isKept ? wholeParams(params, shown) : undefined
  const secrets = isKept && whole !== undefined ? secretHash(kept, whole) : undefined
  const beginning = isKept
    ? await begin(
        kept,
        {
          runbook: runbook.name,
          tenant,
          mode: mode === 'apply' || mode === 'undo' ? mode : 'run',
          params: shown,
          ...(whole !== undefined && { whole }),
          ...(options.file !== undefined && { file: fileOf(options.file, origin) }),
        },
        {
          again: options.again ?? false,
          ask,
          known: knownRuns(internalsOf(session).way, tenant),
          undone: undoneBy(runbook)?.opened,
        },
      )
    : undefined
  const journal = beginning?.journal ?? kept
  const lock = predicting ? undefined : options.lock
  let held: HeldLock | undefined
  let opened: Journal
  try {
    if (lock !== undefined)
      held = await lock({ runbook: runbook.name, tenant, ...(shown !== undefined && { params: shown }) })
    opened = await openJournal(journal)
    if (held !== undefined) opened = checking(opened, held)
  } catch (error) {
    await held?.release()
    beginning?.release()
    throw error
  }
  const told: ToldEvents = { events: [], fold: () => void accountOf(told) }
  const interrupt = interruptible(ofFlows.has(runbook) ? undefined : runbook.name, options.signal)
  let audit: AuditTrail | undefined
  try {
    audit = options.audit ?? (typeof journal === 'string' && !predicting ? fileAudit(auditPath(journal)) : noAudit)
    const [first] = opened.entries
    const id = first?.type === 'journal' ? first.run : randomUUID()
    const ended = beginning?.keep(id)
    const wantedMost = options.maxRequests ?? runbook.maxRequests
    const maxRequests = wantedMost ?? MOST
    const parts: RunParts = {
      run: id,
      runbook: runbook.name,
      mode,
      session,
      journal: opened,
      ...(typeof journal === 'string' && { journalPath: journal }),
      audit,
      ...(shown !== undefined && { shown }),
      ...(secrets !== undefined && { secrets }),
      ...(beginning && { notes: beginning.notes }),
      ...(origin && { origin }),
      redactor,
      selection: options.select ?? {},
      maxRequests,
      ...(wantedMost !== undefined && { countsItems: true as const }),
      maxWait: options.maxWait ?? MOST_WAIT,
      maxSteps: options.maxSteps ?? runbook.maxSteps ?? Math.max(MOST, maxRequests),
      ask,
      yes: options.yes ?? false,
      told,
      ...(listener && { listener }),
      ...(options.heard && { heard: options.heard }),
      now: Date.now,
      signal: interrupt.signal,
      ...(options.stop && { stop: options.stop }),
    }
    const run = (): Promise<RunResult> => execute(runbook, params, parts)
    const result = await (predicting ? predictWrites(run) : run())
    ended?.(result.status)
    return showResult(result, told, keptBy(journal, options.audit, predicting))
  } finally {
    interrupt.release()
    try {
      await audit?.close()
    } finally {
      try {
        await opened.close()
      } finally {
        beginning?.release()
        if (held !== undefined) await held.release()
      }
    }
  }
}

/** The parameters with their secrets; nothing where none is secret. */
function wholeParams(params: unknown, shown: Json | undefined): Json | undefined {
  const whole = jsonOf(params)
  return whole === undefined || canonicalJson(whole) === canonicalJson(shown ?? null) ? undefined : whole
}

function fileOf(path: string, origin: RunOrigin | undefined): RunbookFile {
  return { path: realPath(path), ...(origin?.fileHash !== undefined && { hash: origin.fileHash }) }
}

async function openJournal(journal: RunbookOptions<unknown>['journal']): Promise<Journal> {
  if (typeof journal === 'string') return fileJournal(journal)
  return typeof journal === 'function' ? journal() : (journal ?? memoryJournal())
}

/** A journal that takes a line only while the run has its lock. */
function checking(journal: Journal, lock: HeldLock): Journal {
  return {
    get entries() {
      return journal.entries
    },
    async append(entry) {
      await lock.check()
      await journal.append(entry)
    },
    ...(journal.flush && { flush: () => journal.flush?.() }),
    close: () => journal.close(),
  }
}

/** A session that predicts writes can only check: a journal must not say that something was sent which was not. */
function modeIn(session: Session, wanted: RunMode = 'run'): RunMode {
  return wanted !== 'plan' && internalsOf(session).writes() === 'check' ? 'check' : wanted
}

function withoutFile(journal: RunbookOptions<unknown>['journal']): Journal | OpenJournal | undefined {
  return typeof journal === 'string' ? undefined : journal
}

function keptBy(
  journal: RunbookOptions<unknown>['journal'],
  audit: AuditTrail | undefined,
  predicting: boolean,
): KeptRecords {
  if (typeof journal !== 'string') return {}
  return audit === undefined && !predicting ? { journal, audit: auditPath(journal) } : { journal }
}

/** A run that the place around it, such as a notebook's kernel or the console, can stop like any plan. */
function interruptible(
  runbook: string | undefined,
  given: AbortSignal | undefined,
): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const { signal } = controller
  // Each step that runs listens to it, and many may run at once.
  setMaxListeners(0, signal)
  const end = (): void => controller.abort(given?.reason)
  if (given?.aborted === true) end()
  given?.addEventListener('abort', end, { once: true })
  const executions = runbook === undefined ? undefined : host().executions
  const entry = {
    operation: `the runbook ${runbook}`,
    abort: (reason = 'it was aborted') =>
      controller.abort(new AbortedError(`The run of ${runbook} was stopped: ${reason}.`)),
  }
  void executions?.add(entry)?.then((reason) => entry.abort(reason))
  return {
    signal,
    release() {
      executions?.delete(entry)
      given?.removeEventListener('abort', end)
    },
  }
}

/** `run.jsonl` → `run.audit.jsonl` */
export function auditPath(journal: string): string {
  return journal.replace(/(\.jsonl)?$/, '.audit.jsonl')
}
