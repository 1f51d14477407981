// Gives every application that an organization may use the same token quota. Undo restores the quotas of before.
import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'quotas-of-an-organization',
  description: 'Gives every application that an organization may use the same token quota; undo restores the old ones.',
  params: z.object({
    organization: z.string().min(1).describe('name of the organization'),
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
    say(`${organization}: ${clients.size} applications, at most ${perDay} tokens a day each`)
    let asked = false
    for (const client of clients) {
      // Only these members, so that the secret of the application is not even read.
      const now = yield* step(
        `read ${client}`,
        auth0.clients(client).get({ fields: 'client_id,name,token_quota', include_fields: true }),
        { volatile: true },
      )
      const quota = now.token_quota?.client_credentials
      const same = quota?.per_day === perDay && quota.per_hour === undefined && (quota.enforce ?? true) === enforce
      const question = `Applications of ${organization} get no tokens beyond ${perDay} a day. Set the quotas?`
      yield* step(
        `quota ${client}`,
        auth0.clients(client).update({ token_quota: { client_credentials: { per_day: perDay, enforce } } }),
        {
          when: !same,
          tags: ['quota'],
          confirm: enforce && !same && !asked && question,
          undo: auth0.clients(client).update({ token_quota: now.token_quota ?? null }),
        },
      )
      asked ||= !same
    }
  },
})
