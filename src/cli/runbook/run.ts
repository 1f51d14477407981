import { AbortedError, ConfigurationError, type Json } from '../../plan/index.ts'
import type { Runbook, RunMode, RunResult } from '../../run/index.ts'
import {
  checkParams,
  parametersOf,
  type RunbookOptions,
  readJournal,
  readParameters,
  runRunbook,
} from '../../runbook/index.ts'
import type { Session } from '../../session/index.ts'
import { Conversation, STOPPED } from './conversation.ts'
import { journalFor } from './journals.ts'
import { isAttended, type Output } from './output.ts'
import { openTargets } from './targets.ts'
import { numberOf, textOf, textsOf, type Words } from './words.ts'

/** What `runOnTargets()` does beyond the options. */
export interface RunWish {
  readonly mode: RunMode
  readonly output: Output
  /** Hash of the plan file that is applied. */
  readonly planFile?: string
  /** Told of each session before its run, which waits for it. */
  before?(session: Session, talk: Conversation): Promise<void>
  /** Told of each session whose run began, when all runs are over. */
  after?(session: Session, result: RunResult, params: Json): void
}

/** Runs a runbook on every tenant that the options name, side by side, each with its own journal and limits. */
export async function runOnTargets(
  runbook: Runbook<unknown>,
  values: Words['values'],
  wish: RunWish,
): Promise<{ exitCode: number }> {
  const { mode, output } = wish
  output.reportFile = textOf(values, 'report')
  const predicting = mode === 'check' || mode === 'plan'
  const targets = await openTargets(values, predicting ? 'check' : 'allow', runbook.tenants)
  const { sessions } = targets
  output.tenants = sessions.length
  const { interrupt, release } = interruptible()
  const talk = new Conversation(output, isAttended(output.json), interrupt)
  try {
    const journals = journalsFor(runbook, values, predicting ? [] : sessions, wish)
    const given = await paramsFor(runbook, values, journals, talk)
    checkParams(runbook, given, output.redactor)
    const ended = await Promise.all(
      sessions.map(async (session, index) => {
        try {
          await wish.before?.(session, talk)
          if (interrupt.signal.aborted)
            throw new AbortedError('The run was interrupted before it began. Nothing was sent.')
          const journal = journals[index]
          const result = await runRunbook(runbook, session, {
            ...optionsFrom(values),
            params: given,
            mode,
            redactor: output.redactor,
            ask: talk.about(sessions.length > 1 ? session.domain : undefined),
            listener: output.listener,
            signal: interrupt.signal,
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
    release()
    await targets.close()
  }
}

/**
 * The first Ctrl-C stops the runs in good order; the second ends the process, whose journals are on the disk. A failure
 * that the file did not wait for stops them as well: without it Node would end the process.
 */
export function interruptible(): { interrupt: AbortController; release: () => void } {
  const interrupt = new AbortController()
  const onSignal = (signal: NodeJS.Signals): void => {
    if (interrupt.signal.aborted) process.exit(signal === 'SIGTERM' ? 143 : 130)
    interrupt.abort(new AbortedError(STOPPED))
  }
  const onUnawaited = (error: unknown): void => {
    const message = `Something that the file did not wait for failed. ${(error as Error)?.message ?? error} Await it, or make it a step.`
    if (interrupt.signal.aborted) process.emitWarning(message)
    else interrupt.abort(new AbortedError(message, { cause: error }))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  process.on('unhandledRejection', onUnawaited)
  return {
    interrupt,
    release() {
      process.off('unhandledRejection', onUnawaited)
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

function journalsFor(
  { name: runbook }: Runbook<unknown>,
  values: Words['values'],
  sessions: readonly Session[],
  { mode, planFile }: RunWish,
): readonly string[] {
  const path = textOf(values, 'journal')
  if (path !== undefined && sessions.length > 1) {
    throw new ConfigurationError(
      '--journal names one file, and each tenant has a journal of its own. Leave it out, or run one tenant.',
    )
  }
  const resume = values.resume === true
  return sessions.map(({ domain: tenant }) =>
    journalFor({
      runbook,
      tenant,
      resume,
      mode: mode === 'apply' || mode === 'undo' ? mode : 'run',
      ...(planFile !== undefined && { planFile }),
      ...(path !== undefined && { path }),
    }),
  )
}

/** What the options say of every run. */
export function optionsFrom(values: Words['values']): Pick<RunbookOptions<unknown>, 'select' | 'yes' | 'maxRequests'> {
  const startAt = textOf(values, 'start-at')
  const maxRequests = numberOf(values, 'max-requests')
  return {
    select: {
      tags: textsOf(values, 'tags'),
      only: textsOf(values, 'only'),
      stepwise: values.step === true,
      ...(startAt !== undefined && { startAt }),
    },
    yes: values.yes === true,
    ...(maxRequests !== undefined && { maxRequests }),
  }
}

async function paramsFor(
  runbook: Runbook<unknown>,
  values: Words['values'],
  [journal]: readonly string[],
  { parameters: prompt }: Conversation,
): Promise<Json> {
  const opened = values.resume === true && journal !== undefined ? readJournal(journal)[0] : undefined
  const file = textOf(values, 'params')
  return readParameters(parametersOf(runbook.params), {
    flags: values,
    environment: process.env,
    schema: runbook.params,
    ...(file !== undefined && { file }),
    ...(opened?.type === 'journal' && opened.params !== undefined && { recorded: opened.params }),
    ...(prompt !== undefined && { prompt }),
  })
}

/** The exit code of one run. */
export function exitCodeOf({ exitCode, summary }: RunResult, detailed: boolean): number {
  return exitCode === 0 && detailed && summary.pending > 0 ? 2 : exitCode
}

/** The gravest of several: an error, drift, a stop, then changes that are pending. */
export function gravest(codes: readonly number[]): number {
  return [1, 4, 3, 2].find((code) => codes.includes(code)) ?? 0
}
