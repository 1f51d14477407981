// T6 and T12 of the list of faults: what a test event says of itself, and how deliveries are counted.
import { expect, it } from 'vitest'
import { bench } from './harness.ts'

const STREAM = {
  name: 'one',
  subscriptions: [{ event_type: 'user.created' }, { event_type: 'organization.created' }],
  destination: { type: 'eventbridge', configuration: { aws_account_id: '123456789012', aws_region: 'us-east-1' } },
}

it.each(['user.created', 'organization.created', 'user.deleted'])('a test of %s says that it is one', async (type) => {
  const b = bench()
  const { body } = await b.call('eventStreams.create', { body: STREAM })
  const params = { id: body.id }
  const tested = await b.call('eventStreams.test', { params, body: { event_type: type } })
  const tenant = b.tenant.domain.split('.')[0]
  expect(tested.body.event).toMatchObject({ type, a0purpose: 'test', a0stream: body.id, a0tenant: tenant })
  const { deliveries } = (await b.call('eventStreams.deliveries.list', { params })).body
  expect(deliveries[0].event.a0purpose).toBe('test')
})

it('counts deliveries by the names of Auth0, each metric with its total', async () => {
  const b = bench()
  const { body } = await b.call('eventStreams.create', { body: STREAM })
  const params = { id: body.id }
  const path = `/api/v2/event-streams/${body.id}/deliveries`
  const made = await b.call('eventStreams.test', { params, body: { event_type: 'user.created' } })
  b.tenant.tables.others.get(path)?.set(made.body.id, { ...made.body, status: 'failed' })
  const { metrics } = (await b.call('eventStreams.stats.get', { params })).body
  expect(metrics).toMatchObject([
    { name: 'auth0.event_streams.successful_deliveries', type: 'sum', window_total: 0 },
    { name: 'auth0.event_streams.failed_deliveries', type: 'sum', window_total: 1 },
  ])
})
