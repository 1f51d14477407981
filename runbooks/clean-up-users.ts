// Blocks users of a connection who have not logged in since a day. Undo lets them in again. Those who never logged in
// are judged by the day they were created, so that nobody who has just been invited is shut out.
import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'clean-up-users',
  description: 'Blocks the users of a connection who have not logged in since a day; undo lets them in again.',
  params: z.object({
    connection: z.string().min(1).default('Username-Password-Authentication').describe('name of the connection'),
    before: z.iso.date().describe('last login before this day (UTC), such as 2026-01-01'),
    most: z.number().int().min(1).max(100_000).default(10_000).describe('most users of one run'),
  }),
  maxRequests: 110_000,
  async *steps({ auth0, params, step, say }) {
    const { connection, before, most } = params
    // Blocked ones are not found, so that the next run goes on where this one ends.
    const q =
      `identities.connection:${JSON.stringify(connection)} AND NOT blocked:true ` +
      `AND created_at:[* TO ${before}} AND NOT last_login:[${before} TO *]`
    const users = yield* step(
      'read users',
      // Nobody who was created a moment ago is looked for.
      auth0.users.every({ q, fields: 'user_id,blocked,created_at,last_login' }, { most, settle: 0 }),
      { volatile: true },
    )
    // The index of searches lags behind; what the records say counts.
    const stale = users.filter(
      ({ last_login, created_at, blocked }) => !blocked && String(last_login ?? created_at ?? '9999') < before,
    )
    say(`${stale.length} users of ${connection} have not logged in since ${before}`)
    if (users.length === most) say(`There may be more than ${most}. Run this again for the others.`)
    for (const [index, user] of stale.entries()) {
      const id = user.user_id ?? ''
      yield* step(`block ${id}`, auth0.users(id).update({ blocked: true }), {
        tags: ['block'],
        confirm: index === 0 && `${stale.length} users of ${connection} can log in no more. Block them?`,
        undo: auth0.users(id).update({ blocked: false }),
      })
    }
  },
})
