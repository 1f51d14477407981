import { connect } from '../../connect/index.ts'
import { bundleOf, wrap } from '../../display/index.ts'
import type { BasePlan, Flow } from '../../plan/index.ts'
import type { Sandbox, SandboxOptions, SandboxRequest } from '../../sandbox/index.ts'
import { sandbox } from '../../sandbox/index.ts'
import type { TourContext, TourFlow } from './flow.ts'

/** How the tour is shown. */
export interface TourOptions {
  /** `full`: plans and results. `screen`: a line per flow. `short`: their names side by side. `json`: a JSON line per flow. */
  readonly mode: 'full' | 'screen' | 'short' | 'json'
  /** How wide the names side by side may be; 80 unless given. */
  readonly columns?: number
  readonly flows: readonly TourFlow[]
  /** Receives one line or block at a time, without the closing line break. */
  write(text: string): void
}

/** How one flow ended. */
export interface TourResult {
  readonly flow: string
  readonly status: 'ok' | 'failed'
  /** Requests that reached the tenant. */
  readonly requests: number
  /** What they were; their secrets are masked where they are printed. */
  readonly sent: readonly SandboxRequest[]
  readonly error?: unknown
}

/** Same data and same clock in every tour, so that two tours print the same; names and ids are those of the examples page. */
const TENANT: SandboxOptions = {
  seed: 'tour',
  clock: 'fixed',
  domain: 'my.custom.domain',
  clientId: 'clientId',
  clientSecret: 'clientSecret',
  users: [{ user_id: 'abc123', email: 'abc123@example.com', password: 'Long-enough-1' }],
}

/** Runs the flows one after the other, each on a tenant as it was at first. */
export async function runTour(options: TourOptions): Promise<readonly TourResult[]> {
  const tenant = await sandbox(TENANT)
  const { mode, columns = 80 } = options
  try {
    if (mode === 'short') options.write(`${options.flows.length} documented flows on an embedded tenant:`)
    const results: TourResult[] = []
    for (const flow of options.flows) {
      tenant.reset()
      const result = await runFlow(flow, tenant, options)
      results.push(result)
      report(flow, result, options)
    }
    if (mode === 'short') {
      const names = options.flows.map(
        ({ documented }, at) => `${results[at]?.status === 'ok' ? '✓' : '✗'} ${documented}`,
      )
      for (const line of wrap(names.join(' · '), columns)) options.write(line)
    }
    if (mode !== 'json') options.write(closing(results))
    return results
  } finally {
    await tenant.close()
  }
}

async function runFlow(flow: TourFlow, tenant: Sandbox, options: TourOptions): Promise<TourResult> {
  const full = options.mode === 'full'
  if (full) options.write(`\n━━ ${flow.documented}\n   ${flow.here}\n`)
  const own: Sandbox[] = []
  try {
    await flow.run(context(tenant, own, full ? options.write : () => {}))
    return { flow: flow.flow, status: 'ok', ...received(tenant, own) }
  } catch (error) {
    return { flow: flow.flow, status: 'failed', ...received(tenant, own), error }
  } finally {
    await Promise.all(own.map((each) => each.close()))
  }
}

function received(tenant: Sandbox, own: readonly Sandbox[]): Pick<TourResult, 'requests' | 'sent'> {
  const sent = [tenant, ...own].flatMap(({ requests }) => [...requests])
  return { requests: sent.length, sent }
}

function context(tenant: Sandbox, own: Sandbox[], write: (text: string) => void): TourContext {
  const show = (value: unknown) => write(indent(bundleOf(value)['text/plain'] ?? String(value)))
  const present = (expression: string, plan: BasePlan<unknown> | Flow<unknown>) => {
    write(`   > ${expression}`)
    show(plan)
  }
  return {
    tenant,
    auth0: connect(tenant.options),
    connect,
    async sandbox(options) {
      const another = await sandbox(options)
      own.push(another)
      return another
    },
    async step(expression, plan) {
      present(expression, plan)
      write('   > .run()')
      const value = await plan.run()
      if (value === undefined) write('     done; the answer has no body')
      else show(value)
      write('')
      return value
    },
    async fails(expression, plan) {
      present(expression, plan)
      write('   > .run()')
      const outcome = await plan.run().outcome()
      if (outcome.status === 'ok') throw new Error(`${expression} should have been refused, but it was not.`)
      show(outcome.error)
      write('')
      return outcome.error
    },
    say: (text) => write(`     ${text}`),
    expect(holds, promise) {
      if (!holds) throw new Error(`This did not come true: ${promise}.`)
      write(`     ✓ ${promise}`)
    },
  }
}

function report(flow: TourFlow, result: TourResult, options: TourOptions): void {
  const { status, requests } = result
  if (options.mode === 'json') {
    const failure = result.error === undefined ? {} : { error: message(result.error) }
    options.write(JSON.stringify({ flow: flow.flow, status, requests, ...failure }))
    return
  }
  const amount = `${requests} ${requests === 1 ? 'request' : 'requests'}`
  if (options.mode === 'short') {
    // Told with all names at the end.
  } else if (options.mode === 'screen') {
    options.write(`${status === 'ok' ? '✓' : '✗'} ${flow.documented.padEnd(62)} ${amount}`)
  } else options.write(`   ${status === 'ok' ? '✓ ok' : '✗ failed'} · ${amount}`)
  if (status === 'failed') options.write(indent(message(result.error)))
}

function message(error: unknown): string {
  return bundleOf(error)['text/plain'] ?? String(error)
}

function closing(results: readonly TourResult[]): string {
  const ok = results.filter((result) => result.status === 'ok').length
  const requests = results.reduce((sum, result) => sum + result.requests, 0)
  const verdict = ok === results.length ? 'All flows ok' : `${results.length - ok} of ${results.length} flows failed`
  return `\n${verdict}: ${ok} of ${results.length}, ${requests} requests to the embedded tenant, none elsewhere.`
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `     ${line}`)
    .join('\n')
}
