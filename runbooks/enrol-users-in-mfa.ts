// Enrols users whom a query finds in MFA: an enrolment ticket by mail, or their telephone. Who is enrolled is left
// alone. Undo takes telephones away again; a mail cannot be undone.
import { defineRunbook, doneWhen } from 'tenantlab/runbook'
import { z } from 'zod'

export default defineRunbook({
  name: 'enrol-users-in-mfa',
  description:
    'Enrols the users that a query finds in MFA, by ticket or by telephone, and skips those enrolled already.',
  params: z.object({
    query: z.string().min(1).describe('search for users, such as identities.connection:"Staff"'),
    by: z.enum(['ticket', 'phone']).default('ticket').describe('mail a ticket, or enrol the telephone at once'),
    phone: z.string().default('phone_number').describe('member of the user with the number, with dots for depth'),
    channel: z.enum(['sms', 'voice']).default('sms').describe('how a telephone gets its code'),
  }),
  async *steps({ auth0, params, step, say }) {
    const { query, by, channel } = params
    const users = yield* step(
      'read users',
      // Who comes meanwhile is enrolled by the next run.
      auth0.users.every({ q: query }, { settle: 0 }),
      { volatile: true },
    )
    // First all reads, so that the person who confirms knows how many there are.
    const open: { readonly id: string; readonly phone_number: string }[] = []
    let enrolled = 0
    for (const user of users) {
      const id = user.user_id ?? ''
      const methods = auth0.users(id).authenticationMethods
      const held = yield* step(`read methods ${id}`, methods.list().all(), { volatile: true })
      if (held.some(({ type, confirmed }) => confirmed !== false && type !== 'recovery-code' && type !== 'password')) {
        enrolled += 1
        continue
      }
      const phone_number = memberAt(user, params.phone)
      if (by === 'ticket') open.push({ id, phone_number: '' })
      else if (typeof phone_number === 'string' && phone_number !== '') open.push({ id, phone_number })
      else say(`${id} has no number in ${params.phone}, and stays without MFA.`)
    }
    say(`${users.length} users, ${enrolled} of them enrolled before, ${open.length} to enrol by ${by}`)
    const question =
      by === 'ticket'
        ? `${open.length} users get a mail with a ticket. Send them?`
        : `${open.length} users must give a code of their telephone from then on. Enrol them?`
    for (const [index, { id, phone_number }] of open.entries()) {
      const methods = auth0.users(id).authenticationMethods
      const confirm = index === 0 && question
      if (by === 'ticket') {
        yield* step(
          `ticket ${id}`,
          auth0.guardian.enrollments.createTicket({ user_id: id, send_mail: true }),
          // Nothing reads tickets. One that may have been lost is sent again, because a second mail does less harm
          // than none: so the check looks for what no user has.
          { tags: ['ticket'], confirm, doneWhen: doneWhen(auth0.users(id).get(), { user_id: '' }) },
        )
        continue
      }
      yield* step(
        `phone ${id}`,
        methods.create({ type: 'phone', phone_number, preferred_authentication_method: channel }),
        {
          tags: ['phone'],
          confirm,
          doneWhen: doneWhen(methods.list().all(), { type: 'phone', phone_number }),
          undo: ({ result }) => auth0.users(id).authenticationMethods(String(result.id)).delete(),
        },
      )
    }
  },
})

function memberAt(record: object, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], record)
}
