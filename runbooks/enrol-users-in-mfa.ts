// Enrols users whom a query finds in MFA: an enrolment ticket by mail, or their telephone. Who is enrolled is left alone.
import { defineRunbook, doneWhen } from 'tenantlab/runbook'
import { z } from 'zod'

/** A search reaches no more users than this. */
const REACH = 1000

export default defineRunbook({
  name: 'enrol-users-in-mfa',
  description:
    'Enrols the users that a query finds in MFA, by ticket or by telephone, and skips those enrolled already.',
  params: z.object({
    query: z.string().describe('search for users, such as identities.connection:"Staff"'),
    by: z.enum(['ticket', 'phone']).default('ticket').describe('mail a ticket, or enrol the telephone at once'),
    phone: z.string().default('phone_number').describe('member of the user with the number, with dots for depth'),
    channel: z.enum(['sms', 'voice']).default('sms').describe('how a telephone gets its code'),
  }),
  async *steps({ auth0, params, step, say }) {
    const { query, by, channel } = params
    const users = yield* step(
      'read users',
      auth0.users.list({ q: query, search_engine: 'v3', per_page: 100 }).take(REACH),
      { volatile: true },
    )
    if (users.length === REACH) say(`The search may find more than ${REACH} users. Narrow the query for the others.`)
    let enrolled = 0
    for (const user of users) {
      const id = user.user_id ?? ''
      const methods = auth0.users(id).authenticationMethods
      const held = yield* step(`read methods ${id}`, methods.list().all(), { volatile: true })
      if (held.some(({ type, confirmed }) => confirmed !== false && type !== 'recovery-code' && type !== 'password')) {
        enrolled += 1
        continue
      }
      if (by === 'ticket') {
        yield* step(
          `ticket ${id}`,
          auth0.guardian.enrollments.createTicket({ user_id: id, send_mail: true }),
          // Nothing reads tickets. One that may have been lost is sent again, because a second mail does less harm
          // than none: so the check looks for what no user has.
          { tags: ['ticket'], idempotencyCheck: doneWhen(auth0.users(id).get(), { user_id: '' }) },
        )
        continue
      }
      const phone_number = memberAt(user, params.phone)
      if (typeof phone_number !== 'string' || phone_number === '') {
        say(`${id} has no number in ${params.phone}, and stays without MFA.`)
        continue
      }
      yield* step(
        `phone ${id}`,
        methods.create({ type: 'phone', phone_number, preferred_authentication_method: channel }),
        {
          tags: ['phone'],
          idempotencyCheck: doneWhen(methods.list().all(), { type: 'phone', phone_number }),
          undo: ({ result }) => auth0.users(id).authenticationMethods(String(result.id)).delete(),
        },
      )
    }
    say(`${users.length} users, ${enrolled} of them enrolled before`)
  },
})

function memberAt(record: object, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], record)
}
