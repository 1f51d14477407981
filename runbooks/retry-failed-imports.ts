// Reads what import jobs could not import, repairs what a rule can repair, and imports it again. A record that is there
// already updates the user; a member that its schema refuses is left out. Undo restores users that were updated and
// deletes those that were added. tenantlab apply waits for the import as well, and its journal holds what is left; but a
// plan file knows nobody who is yet to be added, so that undo of it only restores those that were updated.
import { defineRunbook, doneWhen } from 'tenantlab/runbook'
import { z } from 'zod'

type Row = { readonly email?: unknown; readonly [member: string]: unknown }
type Failure = { readonly code?: string; readonly message?: string; readonly path?: string }
type Verdict = { readonly record: Row & { readonly email: string } } | { readonly left: string }

/** Only a record with the same e-mail becomes an update; another's username or phone number stays taken. */
const DUPLICATE = /^(CONFLICT_EMAIL|DUPLICATED_USER)$/
/** What an import with `upsert` changes of a user who is there already. */
const UPDATED = [
  'email_verified',
  'given_name',
  'family_name',
  'name',
  'nickname',
  'picture',
  'app_metadata',
  'user_metadata',
] as const
/** Members that a user may do without. What decides who it is, or lets somebody in, is no detail. */
const OPTIONAL = [
  'given_name',
  'family_name',
  'name',
  'nickname',
  'picture',
  'phone_number',
  'phone_verified',
  'username',
]
const KNOWN = [
  ...UPDATED,
  ...OPTIONAL,
  'email',
  'user_id',
  'blocked',
  'password_hash',
  'custom_password_hash',
  'mfa_factors',
]

/** The record as it can be imported, or why it cannot. */
function repaired(row: Row, failures: readonly Failure[]): Verdict {
  if (typeof row.email !== 'string') return { left: 'it has no e-mail' }
  const record: Record<string, unknown> & { email: string } = { ...row, email: row.email }
  const duplicate = failures.some(({ code = '' }) => DUPLICATE.test(code))
  for (const { code = '', message = '', path = '' } of failures) {
    if (DUPLICATE.test(code)) continue
    const [member = ''] = path.split(/[.[]/)
    const droppable = member in record && (OPTIONAL.includes(member) || !KNOWN.includes(member))
    if (code.startsWith('CONFLICT') || !droppable) return { left: `${code}: ${message}` }
    delete record[member]
  }
  // An update does not touch the password. A new user would be without one, since reports mask it.
  if (duplicate) delete record.password_hash
  const secret = ['password_hash', 'custom_password_hash', 'mfa_factors'].find((member) => member in record)
  if (secret !== undefined) return { left: `its ${secret} is in no report; import it from its file` }
  return { record }
}

/** What puts a user back: metadata is merged by an update, so that members that are new are named, too. */
function restored(user: Row, record: Row): Record<string, unknown> {
  const members = UPDATED.filter((member) => member in record).map((member) => {
    const before = user[member]
    if (!member.endsWith('_metadata')) return [member, before ?? null] as const
    const added = Object.keys((record[member] ?? {}) as object).map((key) => [key, null] as const)
    return [member, { ...Object.fromEntries(added), ...((before ?? {}) as object) }] as const
  })
  return Object.fromEntries(members)
}

export default defineRunbook({
  name: 'retry-failed-imports',
  description: 'Repairs what import jobs could not import, as far as a rule can, and imports it again.',
  params: z.object({
    jobs: z
      .array(z.string().regex(/^job_/, 'must begin with job_'))
      .min(1)
      .describe('ids of import jobs of the last 24 hours'),
    upsert: z.boolean().default(true).describe('update users who are there already, instead of leaving them out'),
  }),
  async *steps({ auth0, params, step, check, say }) {
    const left: { job: string; email: string; reason: string }[] = []
    const leave = (job: string, row: Row, reason: string): void => {
      const email = typeof row.email === 'string' ? row.email : 'a record without e-mail'
      left.push({ job, email, reason })
      say(`left: ${email} (${reason})`)
    }
    let imported = 0
    for (const id of params.jobs) {
      const job = yield* step(`read ${id}`, auth0.jobs(id).get())
      const errors = yield* step(`read errors of ${id}`, auth0.jobs(id).errors.get())
      if (errors.kind === 'generic') {
        leave(id, {}, `the whole job failed: ${errors.status_details}`)
        continue
      }
      if (errors.kind === 'none') {
        say(job.status === 'completed' ? `${id}: nothing failed` : `${id} is ${job.status}; come back when it is over`)
        continue
      }
      const records = new Map<string, Row & { readonly email: string }>()
      for (const { user = {}, errors: failures = [] } of errors.errors) {
        const row = user as Row
        const verdict = repaired(row, failures)
        const duplicate = failures.some(({ code = '' }) => DUPLICATE.test(code))
        if ('left' in verdict) leave(id, row, verdict.left)
        else if (duplicate && !params.upsert) leave(id, row, 'the user is there already')
        else records.set(verdict.record.email.toLowerCase(), verdict.record)
      }
      if (records.size === 0) continue
      const find = (email: string) => auth0.users.listUsersByEmail({ email })
      const here = <U extends { identities?: readonly { connection?: string }[] }>(users: readonly U[]) =>
        users.find(({ identities = [] }) => identities.some(({ connection }) => connection === job.connection))
      const present = new Map<string, string>()
      const back: ReturnType<ReturnType<typeof auth0.users>['update']>[] = []
      for (const [email, record] of records) {
        const user = here(yield* step(`look for ${email} of ${id}`, find(email)))
        if (user?.user_id === undefined) continue
        present.set(email, user.user_id)
        back.push(auth0.users(user.user_id).update(restored({ ...user }, record) as never))
      }
      say(`${id}: ${records.size} to import again, ${present.size} of them as updates`)
      const again = yield* step(
        `import again ${id}`,
        auth0.jobs.usersImports.create({
          connection_id: job.connection_id ?? '',
          users: [...records.values()] as never,
          upsert: true,
          external_id: `again ${id}`,
          send_completion_email: false,
        }),
        {
          confirm: `${records.size} users are imported again, ${present.size} of them overwritten. Go on?`,
          // No operation lists jobs. With upsert the same records may come twice, so that this never finds it done.
          doneWhen: doneWhen(auth0.jobs(id).get(), { external_id: `again ${id}` }),
          undo: back,
        },
      )
      const finished = yield* step(`wait for ${id} again`, auth0.jobs(String(again.id)).finished())
      const still = yield* step(`read errors of ${id} again`, auth0.jobs(String(again.id)).errors.get())
      if (check) continue
      if (still.kind === 'generic') leave(id, {}, `the import failed as a whole: ${still.status_details}`)
      if (still.kind === 'import') {
        for (const { user = {}, errors: failures = [] } of still.errors)
          leave(id, user as Row, failures.map(({ code, message }) => `${code}: ${message}`).join('; '))
      }
      imported += (finished.summary?.inserted ?? 0) + (finished.summary?.updated ?? 0)
      for (const email of records.keys()) {
        if (present.has(email)) continue
        yield* step(`find ${email} of ${id}`, find(email), {
          undo: ({ result }) => {
            const user = here(result)
            return user?.user_id === undefined ? undefined : auth0.users(user.user_id).delete()
          },
        })
      }
    }
    say(`${imported} imported, ${left.length} left`)
    return { imported, left }
  },
})
