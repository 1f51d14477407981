import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { ConfigurationError } from '../plan/index.ts'
import type { Screen } from './screen.ts'
import type { Workbench } from './workbench.ts'

/**
 * Runs piped lines in order, each statement only after the one before has ended. The first that fails is the last: what
 * follows it was written in the belief that it had worked.
 *
 * @returns The exit code: 0 done, 1 failed, 130 cancelled.
 */
export async function runPiped(bench: Workbench, input: Readable, screen: Screen): Promise<number> {
  const code = await runStatements(bench, input, screen)
  // What a statement has begun and not waited for is carried out all the same, and its failure is one of the whole.
  const failed = await bench.settle()
  return code === 0 && failed ? 1 : code
}

async function runStatements(bench: Workbench, input: Readable, screen: Screen): Promise<number> {
  let pending = ''
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    pending += pending === '' ? line : `\n${line}`
    const ran = await bench.run(pending)
    if (ran === 'incomplete') continue
    pending = ''
    if (ran === 'end') return 0
    if (ran === 'failed') return 1
    if (ran === 'cancelled') return 130
  }
  if (pending.trim() === '') return 0
  screen.failure(
    new ConfigurationError('The input ended within a statement. Close the bracket or quote that is still open.'),
  )
  return 1
}
