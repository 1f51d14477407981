import type { TourFlow } from './flow.ts'

/** What the documented page does in several statements, as one value. */
export const composedFlows: readonly TourFlow[] = [
  {
    flow: 'compose',
    documented: 'Several calls as one, looked at before it is run',
    calls: [],
    here: 'plan.andThen((value) => …) · list.each((item) => …) · all({ … })',
    async run({ auth0, step, say, expect, tenant }) {
      const client = await step(
        "auth0.clients.create({ name: 'night' }).andThen((client) => auth0.clients(client.client_id).quota({ perDay: 200 }))",
        auth0.clients
          .create({ name: 'night' })
          .andThen((made) => auth0.clients(made.client_id ?? '').quota({ perDay: 200 })),
      )
      expect(client.token_quota?.client_credentials?.per_day === 200, 'the application has its quota')
      const blocking = auth0.users
        .list()
        .each((user) => auth0.users(user.user_id ?? '').update({ blocked: true }), { concurrency: 2 })
      const review = await blocking.check()
      const writes = tenant.requests.filter(({ method }) => method === 'PATCH').length
      say(`check() read, and sent no write: ${review.writes} writes would follow, scopes ${review.scopes.join(', ')}.`)
      const blocked = await step(
        'auth0.users.list().each((user) => auth0.users(user.user_id).update({ blocked: true }), { concurrency: 2 })',
        blocking,
      )
      const sent = tenant.requests.filter(({ method }) => method === 'PATCH').length - writes
      expect(sent === review.writes && blocked.every((user) => user.blocked === true), 'what was reviewed was sent')
    },
  },
]
