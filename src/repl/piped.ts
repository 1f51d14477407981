import type { REPLServer } from 'node:repl'
import { Recoverable } from 'node:repl'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/**
 * Runs piped lines in order, each only after the one before has settled: Node's own console starts the next line
 * while an `await` is still open.
 *
 * @returns How many statements failed.
 */
export async function runPiped(
  server: REPLServer,
  input: Readable,
  print: (value: unknown) => void,
  fail: (error: unknown) => void,
): Promise<number> {
  let failed = 0
  let pending = ''
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    pending += `${line}\n`
    if (pending.trim() === '' || pending.trim() === '.exit') {
      if (pending.trim() === '.exit') return failed
      pending = ''
      continue
    }
    const outcome = await evaluate(server, pending)
    if (outcome.status === 'incomplete') continue
    pending = ''
    if (outcome.status === 'error') {
      failed += 1
      fail(outcome.error)
    } else if (outcome.value !== undefined) print(outcome.value)
  }
  if (pending.trim() === '') return failed
  fail(new SyntaxError('The input ended within a statement. Close the bracket or quote that is still open.'))
  return failed + 1
}

type Evaluated =
  | { readonly status: 'value'; readonly value: unknown }
  | { readonly status: 'error'; readonly error: unknown }
  | { readonly status: 'incomplete' }

function evaluate(server: REPLServer, code: string): Promise<Evaluated> {
  return new Promise((resolve) => {
    server.eval(code, server.context, 'console', (error, value) => {
      if (error instanceof Recoverable) resolve({ status: 'incomplete' })
      else if (error !== null && error !== undefined) resolve({ status: 'error', error })
      else resolve({ status: 'value', value })
    })
  })
}
