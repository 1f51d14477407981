import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { BasePlan, Flow } from '../../src/plan/index.ts'
import { type Sandbox, sandbox } from '../../src/sandbox/index.ts'
import { connect, gatedEvents, interceptRuns, type Session } from '../../src/session/index.ts'

let tenant: Sandbox
let auth0: Session
let end = (): void => undefined
beforeAll(async () => {
  tenant = await sandbox({ seed: 'interceptor', clock: 'fixed', tls: false })
})
beforeEach(() => {
  tenant.reset()
  auth0 = connect(tenant.options)
})
afterEach(() => end())
afterAll(() => tenant.close())

const seen: { work: BasePlan<unknown> | Flow<unknown>; session: Session }[] = []
function lead(answer: (work: BasePlan<unknown> | Flow<unknown>, signal: AbortSignal) => Promise<unknown>): void {
  end()
  seen.length = 0
  end = interceptRuns({
    run(work, session, signal) {
      seen.push({ work, session })
      return answer(work, signal)
    },
  })
}
const values = <T>(work: Pick<BasePlan<T>, 'events'>, gate = (): PromiseLike<void> | undefined => undefined) =>
  new Promise<unknown>((resolve, reject) => {
    let value: unknown
    gatedEvents(work, gate).subscribe({
      next: (event) => {
        if (event.kind === 'value') value = event.value
      },
      error: reject,
      complete: () => resolve(value),
    })
  })

it('hands plans and flows to the interceptor with their session, and what it answers is their value', async () => {
  lead(() => Promise.resolve('led'))
  expect(await auth0.clients.list({}).first().run()).toBe('led')
  expect(await auth0.clients('x').update({}).diff().run()).toBe('led')
  expect(seen.map(({ session }) => session)).toEqual([auth0, auth0])
  expect(tenant.requests).toHaveLength(0)
  end()
  expect(await auth0.clients.list({}).first().run()).not.toBe('led')
})

it('does not hand over what the interceptor runs by its events, nor the plans within a flow', async () => {
  lead((work) => values(work))
  const diff = await auth0.clients(tenant.options.clientId).update({ description: 'x' }).diff().run()
  expect(diff).toMatchObject({ kind: 'known', changes: [{ path: 'description', after: 'x' }] })
  expect(seen).toHaveLength(1)
})

it('does not hand over the read by which a session predicts', async () => {
  const predicting = connect({ ...tenant.options, writes: 'check' })
  lead((work) => values(work))
  await predicting.clients(tenant.options.clientId).update({ description: 'x' }).run()
  expect(seen).toHaveLength(1)
})

it('fails and aborts as the execution that it stands for', async () => {
  lead(() => Promise.reject(new TypeError('no')))
  await expect(auth0.clients.list({}).run()).rejects.toMatchObject({ kind: 'unexpected' })
  let ended = false
  lead(
    (_, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          ended = true
        })
      }),
  )
  const execution = auth0.clients.list({}).run()
  execution.abort()
  await expect(execution).rejects.toMatchObject({ kind: 'aborted' })
  expect(ended).toBe(true)
})

it('holds a request back until the gate lets it go, and sends none when the gate fails', async () => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const value = values(auth0.clients.list({}).all(), () => opened)
  await new Promise((resolve) => setTimeout(resolve, 50))
  const clients = () => tenant.requests.filter(({ path }) => path === '/api/v2/clients')
  expect(clients()).toHaveLength(0)
  open()
  expect(await value).not.toHaveLength(0)
  const before = clients().length
  await expect(
    values(auth0.clients.create({ name: 'never' }), () => Promise.reject(new Error('no journal'))),
  ).rejects.toThrow(/no journal/)
  expect(clients()).toHaveLength(before)
})
