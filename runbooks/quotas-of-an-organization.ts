// Gives every application that an organization may use the same token quota.
import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'quotas-of-an-organization',
  description: 'Gives every application that an organization may use the same token quota.',
  params: z.object({
    organization: z.string().describe('name of the organization'),
    perDay: z.number().int().positive().describe('tokens per day'),
    enforce: z.boolean().default(true).describe('refuse tokens beyond the quota, instead of only logging it'),
  }),
  async *steps({ auth0, params, step, say }) {
    const { organization, perDay, enforce } = params
    const found = yield* step('find organization', auth0.organizations.getByName(organization))
    const grants = yield* step(
      'read grants',
      auth0
        .organizations(found.id ?? '')
        .clientGrants.list()
        .all(),
    )
    const all = yield* step('read client grants', auth0.clientGrants.list({}).all())
    const granted = new Set(grants.map(({ id }) => id))
    const clients = new Set(
      all
        .filter(({ id, allow_any_organization }) => granted.has(id) || allow_any_organization)
        .map(({ client_id }) => client_id ?? ''),
    )
    say(`${organization}: ${clients.size} applications`)
    for (const client of clients) {
      yield* step(
        `quota ${client}`,
        auth0.clients(client).update({ token_quota: { client_credentials: { per_day: perDay, enforce } } }),
        {
          tags: ['quota'],
          undo: ({ before }) => auth0.clients(client).update({ token_quota: before?.token_quota ?? null }),
        },
      )
    }
  },
})
