// Moves users to another connection with metadata and roles, and blocks or deletes them where they were.
import { randomBytes } from 'node:crypto'
import { defineRunbook, doneWhen } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'move-users-between-connections',
  description: 'Creates users in another connection with metadata and roles, then blocks or deletes the old ones.',
  params: z.object({
    from: z.string().min(1).describe('name of the connection that they leave'),
    to: z.string().min(1).describe('name of the database or passwordless connection that they come to'),
    limit: z.number().int().min(1).max(10_000).default(1000).describe('most users of one run'),
    old: z.enum(['block', 'delete']).default('block').describe('what becomes of the user that was copied'),
  }),
  async *steps({ auth0, params, step, say, check }) {
    const { from, to } = params
    if (from === to) throw new Error(`Users cannot be moved from ${from} to itself. Give another --to.`)
    const connections = yield* step('read connections', auth0.connections.list().all(), { volatile: true })
    const strategy = connections.find(({ name }) => name === to)?.strategy
    if (strategy === undefined || !connections.some(({ name }) => name === from)) {
      const missing = strategy === undefined ? to : from
      throw new Error(
        `The tenant has no connection ${missing}. It has ${connections.map(({ name }) => name).join(', ')}.`,
      )
    }
    // Blocked ones have been moved, or are to stay; so a second run finds the next ones.
    const users = yield* step(
      'read users',
      auth0.users.every(
        { q: `identities.connection:${JSON.stringify(from)} AND NOT blocked:true` },
        { most: params.limit, settle: 0 },
      ),
      { volatile: true },
    )
    say(`${users.length} users of ${from} to move to ${to}; then ${params.old} the old ones`)
    if (users.length === params.limit) say(`There may be more than ${params.limit}. Run this again for the others.`)
    let asked = false
    for (const user of users) {
      const { user_id: id = '', email } = user
      if (email === undefined) {
        say(`${id} stays: it has no e-mail address.`)
        continue
      }
      const same = yield* step(`look for ${id}`, auth0.users.listUsersByEmail({ email }), { volatile: true })
      // A search may be seconds late: what is copied is the record itself.
      const record = same.find(({ user_id }) => user_id === id)
      if (record === undefined) {
        say(`${id} stays: its record is not as the search shows it. Run this again in a while.`)
        continue
      }
      const { name, nickname, picture, given_name, family_name } = record
      const there = same.find(({ identities }) => identities?.some(({ connection }) => connection === to))
      // A run that was given up between copying and blocking has left its copy; this one goes on with it.
      const half = there?.app_metadata?.moved_from === id ? there : undefined
      if (there !== undefined && half === undefined) {
        say(`${id} stays: its address is in ${to} already.`)
        continue
      }
      const roles = (yield* step(`read roles ${id}`, auth0.users(id).roles.list().all(), { volatile: true })).map(
        (role) => role.id ?? '',
      )
      // Says where the user came from, and by it the new record is told from the old one with the same address.
      const app_metadata = { ...record.app_metadata, moved_from: id }
      const profile = {
        ...(name !== undefined && { name }),
        ...(nickname !== undefined && { nickname }),
        ...(picture !== undefined && { picture }),
        ...(given_name !== undefined && { given_name }),
        ...(family_name !== undefined && { family_name }),
        email,
        email_verified: record.email_verified ?? false,
        user_metadata: record.user_metadata ?? {},
      }
      const created = yield* step(
        `create ${id}`,
        auth0.users.create({
          ...profile,
          ...(strategy === 'auth0' && { password: unknownPassword() }),
          connection: to,
          app_metadata,
          verify_email: false,
        }),
        {
          doneWhen: doneWhen(auth0.users.listUsersByEmail({ email }), { app_metadata }),
          when: half === undefined,
          undo: ({ result }) => auth0.users(String(result.user_id)).delete(),
        },
      )
      const target = auth0.users(String((half ?? created).user_id))
      yield* step(`roles ${id}`, target.roles.assign({ roles }), {
        when: roles.length > 0,
        // One request gives them all, so that one of them tells.
        doneWhen: doneWhen(target.roles.list().all(), { id: roles[0] ?? '' }),
      })
      const written = yield* step(`verify ${id}`, target.get(), { volatile: true })
      const given = yield* step(`verify roles ${id}`, target.roles.list().all(), { volatile: true })
      if (!check) {
        const missing = roles.filter((role) => !given.some((one) => one.id === role))
        if (written.email !== email || missing.length > 0)
          throw new Error(`The copy of ${id} lacks ${missing.join(', ') || 'its address'}. The old user was kept.`)
      }
      if (params.old === 'block') {
        yield* step(`block ${id}`, auth0.users(id).update({ blocked: true }), {
          tags: ['old'],
          undo: auth0.users(id).update({ blocked: false }),
        })
        continue
      }
      const again = auth0.users.create({
        ...profile,
        user_id: id.slice(id.indexOf('|') + 1),
        connection: from,
        app_metadata: record.app_metadata ?? {},
        verify_email: false,
        ...(id.startsWith('auth0|') && { password: unknownPassword() }),
      })
      yield* step(`delete ${id}`, auth0.users(id).delete(), {
        tags: ['old'],
        confirm:
          !asked &&
          `Passwords and MFA of up to ${users.length} users will be lost, and undo cannot bring them back. Delete them?`,
        undo: roles.length > 0 ? [again, auth0.users(id).roles.assign({ roles })] : again,
      })
      asked = true
    }
  },
})

/** Nobody is to log in by it: the user asks for a new one. A plan file does not hold it; see TENANTLAB_SECRET_PASSWORD. */
const unknownPassword = (): string => `${randomBytes(24).toString('base64url')}-aA1`
