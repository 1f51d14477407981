import { ConfigurationError, type Json } from '../../plan/index.ts'
import {
  type Parameter,
  parametersOf,
  type Runbook,
  type RunMode,
  type RunResult,
  readJournal,
  readParameters,
  runRunbook,
  Vault,
} from '../../runbook/index.ts'
import type { Session } from '../../session/index.ts'
import { journalFor } from './journals.ts'
import { askLine, askPerson, isAttended, openOutput } from './output.ts'
import { openTargets } from './targets.ts'
import { numberOf, type OptionTable, textOf, textsOf, type Words } from './words.ts'

/** Options of commands that run a runbook. */
export const RUN: OptionTable = {
  params: { type: 'string', help: 'JSON file of parameters' },
  yes: { type: 'boolean', help: 'answers confirmations with yes' },
  tags: { type: 'string', multiple: true, help: 'only writes that have one of these tags' },
  only: { type: 'string', multiple: true, help: 'only the write steps of these ids' },
  'start-at': { type: 'string', help: 'leaves out the writes before this step' },
  step: { type: 'boolean', help: 'asks before every write' },
  'max-requests': { type: 'string', help: 'stops after so many requests; 10000, or what the runbook says' },
  journal: { type: 'string', help: 'file of the journal; one under .tenantlab/ unless given' },
}

/** What `runOnTargets()` does beyond the options. */
export interface RunWish {
  readonly mode: RunMode
  /** Knows the secrets that the runbook was given beside its parameters. */
  readonly vault?: Vault
  write(text: string): void
  /** Told of each session before its run, which waits for it. */
  before?(session: Session, vault: Vault): Promise<void>
  /** Told of each session after its run. */
  after?(session: Session, result: RunResult, params: Json): void
}

/** Runs a runbook on every tenant that the options name, side by side, each with its own journal and limits. */
export async function runOnTargets(
  runbook: Runbook<unknown>,
  values: Words['values'],
  wish: RunWish,
): Promise<{ exitCode: number }> {
  const { mode } = wish
  const predicting = mode === 'check' || mode === 'plan'
  const targets = await openTargets(values, predicting ? 'predict' : 'allow', runbook.tenants)
  const { vault = new Vault() } = wish
  const interrupt = new AbortController()
  const onSignal = (): void => interrupt.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const path = textOf(values, 'journal')
  try {
    const { sessions } = targets
    if (path !== undefined && sessions.length > 1) {
      throw new ConfigurationError(
        '--journal names one file, and each tenant has a journal of its own. Leave it out, or run one tenant.',
      )
    }
    const journals = sessions.map(({ domain: tenant }) =>
      predicting
        ? undefined
        : journalFor({
            runbook: runbook.name,
            tenant,
            resume: values.resume === true,
            ...(path !== undefined && { path }),
          }),
    )
    const given = await paramsFor(runbook, values, journals)
    const output = openOutput(values, wish.write, vault, sessions.length > 1)
    try {
      const results = await Promise.all(
        sessions.map(async (session, index) => {
          await wish.before?.(session, vault)
          const journal = journals[index]
          const result = await runRunbook(runbook, session, {
            params: given,
            mode,
            vault,
            select: {
              tags: textsOf(values, 'tags'),
              only: textsOf(values, 'only'),
              stepwise: values.step === true,
              ...(textOf(values, 'start-at') !== undefined && { startAt: textOf(values, 'start-at') as string }),
            },
            yes: values.yes === true,
            ask: askPerson,
            listener: output.listener,
            signal: interrupt.signal,
            ...(journal !== undefined && { journal }),
            ...(numberOf(values, 'max-requests') !== undefined && {
              maxRequests: numberOf(values, 'max-requests') as number,
            }),
          })
          if (journal !== undefined && values.json !== true) wish.write(`journal ${journal}`)
          wish.after?.(session, result, given)
          return result
        }),
      )
      return { exitCode: exitCodeOf(results, values['detailed-exitcode'] === true) }
    } finally {
      output.close()
    }
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
    await targets.close()
  }
}

async function paramsFor(
  runbook: Runbook<unknown>,
  values: Words['values'],
  journals: readonly (string | undefined)[],
): Promise<Json> {
  const [journal] = journals
  const opened = values.resume === true && journal !== undefined ? readJournal(journal)[0] : undefined
  const file = textOf(values, 'params')
  return readParameters(parametersOf(runbook.params), {
    flags: values,
    environment: process.env,
    ...(file !== undefined && { file }),
    ...(opened?.type === 'journal' && opened.params !== undefined && { recorded: opened.params }),
    ...(isAttended() && { prompt: ({ name, description }: Parameter) => askLine(`${description ?? name} (${name}):`) }),
  })
}

/** The gravest of several: an error, drift, a stop, then changes that are pending. */
export function exitCodeOf(results: readonly RunResult[], detailed: boolean): number {
  const codes = results.map(({ exitCode, summary }) =>
    exitCode === 0 && detailed && summary.pending > 0 ? 2 : exitCode,
  )
  return [1, 4, 3, 2].find((code) => codes.includes(code as 1)) ?? 0
}
