// Blocks users of a connection who have not logged in since a day. Undo lets them in again.
import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'clean-up-users',
  description: 'Blocks the users of a connection who have not logged in since a day; undo lets them in again.',
  params: z.object({
    connection: z.string().default('Username-Password-Authentication').describe('name of the connection'),
    before: z.iso.date().describe('last login before this day, such as 2026-01-01'),
  }),
  async *steps({ auth0, params, step, say }) {
    const users = yield* step(
      'read users',
      auth0.users.list({ q: `identities.connection:"${params.connection}"`, search_engine: 'v3' }).all(),
      {
        volatile: true,
      },
    )
    const stale = users.filter(({ last_login, blocked }) => !blocked && String(last_login ?? '') < params.before)
    say(`${stale.length} of ${users.length} users have not logged in since ${params.before}`)
    for (const user of stale) {
      const id = user.user_id ?? ''
      yield* step(`block ${id}`, auth0.users(id).update({ blocked: true }), {
        undo: auth0.users(id).update({ blocked: false }),
      })
    }
  },
})
