import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TourContext, TourFlow } from './flow.ts'

const HOUR = 60 * 60 * 1000

/** A file that no import can read; always under one name, so that the tour prints the same each time. */
async function unreadableFile(): Promise<string> {
  const file = join(tmpdir(), 'tenantlab-tour-unreadable-users.json')
  await writeFile(file, '[{ "email": ', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return file
}

async function importUsers({ tenant, auth0, step }: TourContext): Promise<string> {
  const user = tenant.seed.users[0]?.email ?? ''
  const job = await step(
    'auth0.jobs.usersImports.create({ connection_id, users })',
    auth0.jobs.usersImports.create({
      connection_id: tenant.seed.connection.id,
      users: [{ email: user }, { email: 'new-user@example.com' }],
    }),
  )
  return job.id
}

/** Job errors as a union of three. */
export const jobFlows: readonly TourFlow[] = [
  {
    flow: 'job-errors',
    documented: 'Job errors as a union',
    calls: [
      'Jobs.Errors.GetAsync',
      'Visit',
      'Match',
      'TryGetListOfGetJobErrorResponseContent',
      'TryGetGetJobGenericErrorResponseContent',
    ],
    here: 'auth0.jobs(id).errors.get() → match, visit, isImport(), isGeneric(), isNone()',
    async run(context) {
      const { tenant, auth0, step, say, expect } = context
      const id = await importUsers(context)
      tenant.clock.advance(HOUR / 4)
      await step('auth0.jobs(id).finished()', auth0.jobs(id).finished())
      const errors = await step('auth0.jobs(id).errors.get()', auth0.jobs(id).errors.get())
      errors.visit(
        ({ errors: failed }) => {
          for (const { user, errors: reasons } of failed) {
            say(`User object: ${JSON.stringify(user)}`)
            for (const { code, message, path } of reasons ?? []) {
              say(`Error Code: ${code}`)
              say(`Error Message: ${message}`)
              say(`Error Path: ${path}`)
            }
          }
        },
        ({ status_details }) => say(`the job failed as a whole: ${status_details}`),
      )
      const summary = errors.match({
        import: (job) => `${job.errors.length} records could not be imported`,
        generic: (job) => `the job failed as a whole: ${job.status_details ?? job.status}`,
        none: () => 'nothing to report',
      })
      say(summary)
      expect(errors.kind === 'import' && errors.isImport(), 'a record that exists already is reported with its reason')
      const broken = await step(
        'auth0.jobs.usersImports.create({ connection_id, users: { file } })  // a file that is no JSON',
        auth0.jobs.usersImports.create({
          connection_id: tenant.seed.connection.id,
          users: { file: await unreadableFile() },
        }),
      )
      tenant.clock.advance(HOUR / 4)
      const whole = await step('auth0.jobs(id).errors.get()', auth0.jobs(broken.id).errors.get())
      expect(whole.isGeneric(), 'a file that cannot be read fails as a whole')
      whole.visit({
        generic: ({ type, status, id, connection_id, created_at, status_details }) => {
          say(`Job Type: ${type}`)
          say(`Job Status: ${status}`)
          say(`Job Id: ${id}`)
          say(`Job Connection Id: ${connection_id}`)
          say(`Job Created At: ${created_at}`)
          say(`Job Status Details: ${status_details}`)
        },
      })
      for (const answer of [errors, whole]) {
        say(
          answer.match(
            (imported) => `Import job with ${imported.errors.length} errors`,
            ({ id: job, status }) => `Job ${job} failed with status: ${status}`,
          ),
        )
        if (answer.isImport()) say(`Found ${answer.errors.length} import errors`)
        else if (answer.isGeneric()) say(`Generic error: ${answer.status_details}`)
      }
      const clean = await step(
        'auth0.jobs.verificationEmail.create({ user_id })',
        auth0.jobs.verificationEmail.create({ user_id: tenant.seed.users[1]?.user_id ?? '' }),
      )
      tenant.clock.advance(HOUR / 4)
      const none = await step('auth0.jobs(id).errors.get()', auth0.jobs(clean.id).errors.get())
      expect(none.kind === 'none', 'a job without errors is a case of its own')
    },
  },
]
