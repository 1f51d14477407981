import { setMaxListeners } from 'node:events'
import { existsSync } from 'node:fs'
import { hearConsole } from '../../code/index.ts'
import { AbortedError, isTenantlabError, type Json, messageOf } from '../../plan/index.ts'
import type { Runbook, RunMode, RunResult } from '../../run/index.ts'
import {
  askParameters,
  checkParams,
  parametersOf,
  type RunbookOptions,
  readJournal,
  readParameters,
  runRunbook,
} from '../../runbook/index.ts'
import { internalsOf, type Session } from '../../session/index.ts'
import { durationOf, idsOf, MisuseError, numberOf, textOf, textsOf, type Values } from '../words/index.ts'
import { guardProduction } from './confirm.ts'
import { Conversation, STOPPED } from './conversation.ts'
import { EMBEDDED, type JournalWish, journalFor, standingOf } from './journals.ts'
import { isAttended, type Output } from './output.ts'
import { asksToSettle, settle } from './settle.ts'
import { openTargets } from './targets.ts'
import { checkVariables } from './variables.ts'

/** What `runOnTargets()` does beyond the options. */
export interface RunWish {
  readonly mode: RunMode
  readonly output: Output
  /** Hash of the plan file that is applied. */
  readonly planFile?: string
  /** Path of the runbook's file. */
  readonly file?: string
  /** Told of each session before its run, which waits for it. */
  before?(session: Session, talk: Conversation, journal: string | undefined): Promise<void>
  /** Told of each session whose run began, when all runs are over. */
  after?(session: Session, result: RunResult, params: Json): void
}

/** Runs a runbook on every tenant that the options name, side by side, each with its own journal and limits. */
export async function runOnTargets(
  runbook: Runbook<unknown>,
  values: Values,
  wish: RunWish,
): Promise<{ exitCode: number }> {
  const { mode, output } = wish
  output.reportTo(values)
  const predicting = mode === 'check' || mode === 'plan'
  const targets = await openTargets(values, predicting ? 'check' : 'allow', runbook.tenants)
  const { sessions } = targets
  output.tenants = sessions.length
  const { interrupt, atOnce, release } = interruptible((text) => output.note(text))
  const talk = new Conversation(output, isAttended(output.json), interrupt)
  const silence = hearConsole(
    (line) => output.printed(line),
    (line) => output.warned(line),
  )
  try {
    const running = await targetsFor(runbook, values, sessions, wish)
    if (asksToSettle(values)) {
      await settle(running, values, output)
      if (values['settle-only'] === true) return { exitCode: 0 }
    }
    const given = await paramsFor(runbook, values, running, talk, wish)
    checkParams(runbook, given, output.redactor)
    const ended = await Promise.all(
      running.map(async ({ session, journal }) => {
        try {
          await wish.before?.(session, talk, journal)
          // An apply and an undo ask for themselves.
          if (mode === 'run') {
            const { environment } = internalsOf(session)
            await guardProduction(
              { domain: session.domain, environment },
              `the writes of ${runbook.name}`,
              values,
              talk,
            )
          }
          if (interrupt.signal.aborted)
            throw new AbortedError('The run was interrupted before it began. Nothing was sent.')
          const result = await runRunbook(runbook, session, {
            ...optionsFrom(values),
            // An embedded tenant ends with its command, and what it held with it.
            ...(session.domain.endsWith(EMBEDDED) && { again: true }),
            params: given,
            mode,
            ...(wish.file !== undefined && { file: wish.file }),
            redactor: output.redactor,
            ask: talk.about(sessions.length > 1 ? session.domain : undefined),
            listener: output.listener,
            stop: interrupt.signal,
            signal: atOnce,
            ...(journal !== undefined && { journal }),
          })
          return { session, result, code: exitCodeOf(result, values['detailed-exitcode'] === true) }
        } catch (error) {
          // What keeps one tenant's run from beginning is no reason to leave the others half done.
          return { session, code: output.refuse(error, session.domain) }
        }
      }),
    )
    for (const { session, result } of ended) if (result !== undefined) wish.after?.(session, result, given)
    return { exitCode: gravest(ended.map(({ code }) => code)) }
  } finally {
    silence()
    release()
    await targets.close()
  }
}

/** Milliseconds that runs have to end in good order once they were told to end at once. */
const GRACE = 1000

/**
 * The first Ctrl-C has the requests in flight finished and nothing more sent; the second gives them up. Journals are on
 * the disk all the while. A failure that the file did not wait for counts as the first: without that Node would end the
 * process.
 *
 * @param note tells the person at the terminal what comes next.
 */
export function interruptible(note: (text: string) => void): {
  interrupt: AbortController
  atOnce: AbortSignal
  release: () => void
} {
  const interrupt = new AbortController()
  // Each step that runs listens to it, and many may run at once.
  setMaxListeners(0, interrupt.signal)
  const second = new AbortController()
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!interrupt.signal.aborted) {
      note('What was sent is waited for; Ctrl-C once more gives it up.')
      return interrupt.abort(new AbortedError(STOPPED))
    }
    const end = (): never => process.exit(signal === 'SIGTERM' ? 143 : 130)
    if (second.signal.aborted) end()
    second.abort(new AbortedError(STOPPED))
    setTimeout(end, GRACE).unref()
  }
  const onUnawaited = (error: unknown): void => {
    const message = `Something that the file did not wait for failed. ${messageOf(error)} Await it, or make it a step.`
    if (interrupt.signal.aborted) process.emitWarning(message)
    else interrupt.abort(new AbortedError(message, { cause: error }))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('SIGHUP', onSignal)
  process.on('unhandledRejection', onUnawaited)
  return {
    interrupt,
    atOnce: second.signal,
    release() {
      process.off('unhandledRejection', onUnawaited)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
      process.off('SIGHUP', onSignal)
    },
  }
}

/** A tenant, and the journal of its run; none for a run that only predicts. */
interface Target {
  readonly session: Session
  readonly journal?: string
}

/** The tenants that are run: with `--resume`, those that have finished are passed over. */
async function targetsFor(
  { name: runbook, params }: Runbook<unknown>,
  values: Values,
  sessions: readonly Session[],
  { mode, planFile, output }: RunWish,
): Promise<readonly Target[]> {
  if (mode === 'check' || mode === 'plan') return sessions.map((session) => ({ session }))
  const path = textOf(values, 'journal')
  if (path !== undefined && sessions.length > 1) {
    throw new MisuseError(
      '--journal names one file, and each tenant has a journal of its own. Leave it out, or run one tenant.',
    )
  }
  const resume = values.resume === true
  const given = await readGiven(parametersOf(params), { flags: values, environment: {} })
  const wishes = sessions.map((session) => {
    const wish: JournalWish = {
      runbook,
      tenant: session.domain,
      resume,
      mode: mode === 'apply' || mode === 'undo' ? mode : 'run',
      params: given,
      ...(planFile !== undefined && { planFile }),
      ...(path !== undefined && { path }),
    }
    return { session, wish, standing: resume && sessions.length > 1 ? standingOf(wish) : 'unfinished' }
  })
  // Where none is unfinished, that is what is told.
  const some = wishes.some(({ standing }) => standing === 'unfinished')
  return wishes.flatMap(({ session, wish, standing }) => {
    if (some && standing === 'finished') {
      output.note(`${session.domain}: its run has finished, and is passed over.`)
      return []
    }
    return [{ session, journal: journalFor({ ...wish, resume: resume && !(some && standing === 'new') }) }]
  })
}

/** What the options say of every run. */
export function optionsFrom(
  values: Values,
): Pick<RunbookOptions<unknown>, 'select' | 'yes' | 'again' | 'maxRequests' | 'maxWait'> {
  const startAt = textOf(values, 'start-at')
  const maxRequests = numberOf(values, 'max-requests')
  const maxWait = durationOf(values, 'max-wait')
  return {
    select: {
      tags: textsOf(values, 'tags'),
      only: idsOf(values, 'only'),
      stepwise: values.step === true,
      ...(startAt !== undefined && { startAt }),
    },
    yes: values.yes === true,
    again: values.again === true,
    ...(maxWait !== undefined && { maxWait }),
    ...(maxRequests !== undefined && { maxRequests }),
  }
}

async function paramsFor(
  runbook: Runbook<unknown>,
  values: Values,
  targets: readonly Target[],
  { parameters: prompt }: Conversation,
  { mode, output, file: name = runbook.name }: RunWish,
): Promise<Json> {
  const begun = targets.flatMap(({ journal }) => (journal !== undefined && existsSync(journal) ? [journal] : []))
  const opened = values.resume === true && begun[0] !== undefined ? readJournal(begun[0])[0] : undefined
  const file = textOf(values, 'params')
  const parameters = parametersOf(runbook.params)
  const given = await readGiven(parameters, {
    flags: values,
    environment: process.env,
    schema: runbook.params,
    ...(file !== undefined && { file }),
    ...(opened?.type === 'journal' && opened.params !== undefined && { recorded: opened.params }),
  })
  // What is applied or undone was given its parameters before.
  if (mode !== 'apply' && mode !== 'undo') {
    const known = parameters.map(({ variable }) => variable)
    const set = parameters.flatMap((each) => (each.name in given ? [each.variable] : []))
    checkVariables(known, new Set(set), { file: name, tell: (text) => output.warned(text) })
  }
  return prompt === undefined ? given : askParameters(parameters, given, prompt, runbook.params)
}

/** @throws MisuseError for a file of parameters that cannot be read. */
async function readGiven(...given: Parameters<typeof readParameters>): Promise<Record<string, Json>> {
  try {
    return await readParameters(...given)
  } catch (error) {
    if (isTenantlabError(error) && error.kind === 'configuration')
      throw new MisuseError(error.message, { cause: error })
    throw error
  }
}

/** The exit code of one run. */
export function exitCodeOf({ exitCode, summary }: RunResult, detailed: boolean): number {
  return exitCode === 0 && detailed && summary.pending > 0 ? 2 : exitCode
}

/** The gravest of several: an error, drift, a stop, then changes that are pending. */
export function gravest(codes: readonly number[]): number {
  return [1, 4, 3, 2].find((code) => codes.includes(code)) ?? 0
}
