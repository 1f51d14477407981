import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TourContext, TourFlow } from './flow.ts'

const HOUR = 60 * 60 * 1000

/** Clients and token providers of the Management API. */
const providerFlows: readonly TourFlow[] = [
  {
    flow: 'management-client-credentials',
    documented: 'ManagementClient with ClientCredentialsTokenProvider',
    calls: ['new ManagementClient(ClientCredentialsTokenProvider)', 'Users.ListAsync'],
    here: 'connect({ domain, clientId, clientSecret })',
    async run({ tenant, connect, step, expect }) {
      const auth0 = connect(tenant.options)
      const page = await step('auth0.users.list()', auth0.users.list())
      expect(page.items.length === tenant.seed.users.length, 'the token is acquired and the users are listed')
    },
  },
  {
    flow: 'management-delegate',
    documented: 'DelegateTokenProvider',
    calls: ['new DelegateTokenProvider(ct => …)'],
    here: 'connect({ domain, token: ({ signal, rejected }) => readFromVault(signal) })',
    async run({ tenant, auth0, connect, step, expect }) {
      const { domain, dispatcher, clock } = tenant.options
      const { access_token } = await step('auth0.login.clientCredentials()', auth0.login.clientCredentials())
      let asked = 0
      const fromVault = async () => {
        asked += 1
        return access_token
      }
      const session = connect({ domain, dispatcher, clock, token: fromVault })
      await step('auth0.users.list()', session.users.list())
      await step('auth0.clients.list()', session.clients.list())
      expect(asked === 2, 'the delegate is asked for each request')
    },
  },
  {
    flow: 'management-manual-token',
    documented: 'ManagementApiClient with a manual token',
    calls: ['new ManagementApiClient(token)'],
    here: "connect({ domain, token: 'eyJ…' })",
    async run({ tenant, auth0, connect, step, expect }) {
      const { domain, dispatcher, clock } = tenant.options
      const { access_token } = await step('auth0.login.clientCredentials()', auth0.login.clientCredentials())
      const session = connect({ domain, dispatcher, clock, token: access_token })
      const page = await step('auth0.users.list()', session.users.list())
      expect(page.items.length > 0, 'the given token is used as it is')
    },
  },
]

/** Token quotas at three levels. */
const quotaFlows: readonly TourFlow[] = [
  {
    flow: 'quota-tenant',
    documented: 'Token quota of the tenant',
    calls: ['Tenants.Settings.UpdateAsync(DefaultTokenQuota)'],
    here: 'auth0.tenant().quotas().clients({ perDay, perHour, enforce }).organizations({…})',
    async run({ auth0, step, expect }) {
      const quota = { perDay: 200, perHour: 100, enforce: true }
      await step(
        'auth0.tenant().quotas().clients({ perDay: 200, perHour: 100, enforce: true }).organizations({ perDay: 200, perHour: 100, enforce: true })',
        auth0.tenant().quotas().clients(quota).organizations(quota),
      )
      await step(
        'auth0.tenant().quotas().clients({ perDay: 300 }).keepRest()',
        auth0.tenant().quotas().clients({ perDay: 300 }).keepRest(),
      )
      const present = await step('auth0.tenant().quotas().get()', auth0.tenant().quotas().get())
      expect(
        present.organizations?.client_credentials?.per_hour === 100,
        'keepRest() left the quota of the organizations as it was',
      )
    },
  },
  {
    flow: 'quota-client',
    documented: 'Token quota of a client',
    calls: ['Clients.UpdateAsync(TokenQuota)'],
    here: 'auth0.clients(id).quota({ perDay, perHour, enforce })',
    async run({ tenant, auth0, step, expect }) {
      const id = tenant.seed.clients[1]?.client_id ?? ''
      const client = await step(
        'auth0.clients(id).quota({ perDay: 200, perHour: 100, enforce: true })',
        auth0.clients(id).quota({ perDay: 200, perHour: 100, enforce: true }),
      )
      expect(client.token_quota?.client_credentials?.per_day === 200, 'the client has its own quota')
      const cleared = await step('auth0.clients(id).quota(null)', auth0.clients(id).quota(null))
      expect((cleared.token_quota ?? null) === null, 'null clears it')
    },
  },
  {
    flow: 'quota-organization',
    documented: 'Token quota of an organization',
    calls: ['Organizations.UpdateAsync(TokenQuota)'],
    here: 'auth0.organizations(id).quota({ perDay, perHour, enforce })',
    async run({ tenant, auth0, step, expect }) {
      const id = tenant.seed.organizations[0]?.id ?? ''
      const organization = await step(
        'auth0.organizations(id).quota({ perDay: 200, perHour: 100, enforce: true })',
        auth0.organizations(id).quota({ perDay: 200, perHour: 100, enforce: true }),
      )
      expect(organization.token_quota?.client_credentials?.per_hour === 100, 'the organization has its own quota')
    },
  },
]

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
const jobFlows: readonly TourFlow[] = [
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
            for (const { code, message, path } of reasons ?? []) say(`${user?.email} · ${code} · ${message} · ${path}`)
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
        generic: ({ type, status, id, connection_id, created_at, status_details }) =>
          say([type, status, id, connection_id, created_at, status_details].join(' · ')),
      })
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

/** Network ACLs: create, list, get, update, set. */
const networkAclFlows: readonly TourFlow[] = [
  {
    flow: 'network-acl-create',
    documented: 'Network ACL: create',
    calls: ['NetworkAcls.CreateAsync'],
    here: "auth0.networkAcls.rule().block().countries('IMG').scope('management').priority(1).describe('…').create()",
    async run({ auth0, step, expect }) {
      const acl = await step(
        "auth0.networkAcls.rule().block().countries('IMG').scope('management').priority(1).describe('Reject all traffic from an imaginary country').create()",
        auth0.networkAcls
          .rule()
          .block()
          .countries('IMG')
          .scope('management')
          .priority(1)
          .describe('Reject all traffic from an imaginary country')
          .create(),
      )
      expect(acl.priority === 1 && acl.active === true, 'the rule stands')
    },
  },
  {
    flow: 'network-acl-list',
    documented: 'Network ACL: list',
    calls: ['NetworkAcls.ListAsync', 'await foreach'],
    here: 'auth0.networkAcls.list()',
    async run(context) {
      const { auth0, step, say, expect } = context
      await createAcl(context)
      await step('auth0.networkAcls.list()', auth0.networkAcls.list())
      let count = 0
      for await (const acl of auth0.networkAcls.list()) {
        count += 1
        say(`${acl.id} · priority ${acl.priority} · ${acl.description}`)
      }
      expect(count === 1, 'for await walks the list')
    },
  },
  {
    flow: 'network-acl-get',
    documented: 'Network ACL: get',
    calls: ['NetworkAcls.GetAsync'],
    here: 'auth0.networkAcls(id).get()',
    async run(context) {
      const { auth0, step, expect } = context
      const id = await createAcl(context)
      const acl = await step('auth0.networkAcls(id).get()', auth0.networkAcls(id).get())
      expect(acl.id === id, 'one rule by its id')
    },
  },
  {
    flow: 'network-acl-update',
    documented: 'Network ACL: update',
    calls: ['NetworkAcls.UpdateAsync'],
    here: "auth0.networkAcls.rule().block().matching({ geo_country_codes: ['US'] }).notMatching({…}).priority(2).active(false).update(id)",
    async run(context) {
      const { auth0, step, expect } = context
      const id = await createAcl(context)
      const update = auth0.networkAcls
        .rule()
        .block()
        .matching({ geo_country_codes: ['US'] })
        .notMatching({ geo_country_codes: ['CA'] })
        .scope('management')
        .priority(2)
        .active(false)
        .describe('Updated description for examples')
        .update(id)
      await step('….update(id).diff()', update.diff())
      const acl = await step(
        "auth0.networkAcls.rule().block().matching({ geo_country_codes: ['US'] }).notMatching({ geo_country_codes: ['CA'] }).scope('management').priority(2).active(false).describe('…').update(id)",
        update,
      )
      expect(acl.active === false && acl.priority === 2, 'only what was named has changed')
    },
  },
  {
    flow: 'network-acl-set',
    documented: 'Network ACL: set',
    calls: ['NetworkAcls.SetAsync'],
    here: 'auth0.networkAcls.rule()….set(id)',
    async run(context) {
      const { auth0, step, expect } = context
      const id = await createAcl(context)
      const acl = await step(
        "auth0.networkAcls.rule().block().matching({ geo_country_codes: ['US'] }).notMatching({ geo_country_codes: ['CA'] }).scope('management').priority(2).active(false).describe('…').set(id)",
        auth0.networkAcls
          .rule()
          .block()
          .matching({ geo_country_codes: ['US'] })
          .notMatching({ geo_country_codes: ['CA'] })
          .scope('management')
          .priority(2)
          .active(false)
          .describe('Updated description for examples')
          .set(id),
      )
      expect(acl.description === 'Updated description for examples', 'the rule is replaced as a whole')
    },
  },
]

async function createAcl({ auth0, step }: TourContext): Promise<string> {
  const acl = await step(
    'auth0.networkAcls.create({…})',
    auth0.networkAcls.create({
      description: 'Reject all traffic from an imaginary country',
      active: true,
      priority: 1,
      rule: { action: { block: true }, match: { geo_country_codes: ['IMG'] }, scope: 'management' },
    }),
  )
  return acl.id ?? ''
}

/** Flows of the Management API. */
export const managementFlows: readonly TourFlow[] = [...providerFlows, ...quotaFlows, ...jobFlows, ...networkAclFlows]
