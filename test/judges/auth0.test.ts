import { ManagementClient } from 'auth0'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BasePlan } from '../../src/plan/index.ts'
import type { Sandbox, SandboxRequest } from '../../src/sandbox/index.ts'
import { sandbox } from '../../src/sandbox/index.ts'
import { connect, type Session } from '../../src/session/index.ts'

// Auth0's own SDK does the documented management flows on the sandbox, and the grammar says the same: one method, path,
// query and body for both. Headers differ by design, but for the one of custom domains.

interface Flow {
  readonly flow: string
  theirs(client: ManagementClient, tenant: Sandbox): Promise<unknown>
  ours(auth0: Session, tenant: Sandbox): BasePlan<unknown>
}

const QUOTA = { enforce: true, per_day: 200, per_hour: 100 }
const WORDS = { enforce: true, perDay: 200, perHour: 100 }
const ACL = {
  description: 'Reject all traffic from an imaginary country',
  active: true,
  priority: 1,
  rule: { action: { block: true as const }, match: { geo_country_codes: ['IMG'] }, scope: 'management' as const },
}
const CHANGED = {
  description: 'Updated description for examples',
  active: false,
  priority: 2,
  rule: {
    action: { block: true as const },
    match: { geo_country_codes: ['US'] },
    not_match: { geo_country_codes: ['CA'] },
    scope: 'management' as const,
  },
}

const rule = (auth0: Session) =>
  auth0.networkAcls
    .rule()
    .block()
    .matching({ geo_country_codes: ['US'] })
    .notMatching({ geo_country_codes: ['CA'] })
    .scope('management')
    .priority(2)
    .active(false)
    .describe('Updated description for examples')

const ids = {
  client: (tenant: Sandbox) => tenant.seed.clients[1]?.client_id ?? '',
  organization: (tenant: Sandbox) => tenant.seed.organizations[0]?.id ?? '',
  user: (tenant: Sandbox) => tenant.seed.users[0]?.user_id ?? '',
  domain: (tenant: Sandbox) => tenant.seed.customDomains[0]?.domain ?? '',
  main: (tenant: Sandbox) => tenant.seed.clients[0]?.client_id ?? '',
}

let acl = ''
let job = ''

const flows: readonly Flow[] = [
  {
    flow: 'list users',
    theirs: (client) => client.users.list({ per_page: 50 }),
    ours: (auth0) => auth0.users.list({ per_page: 50 }),
  },
  {
    flow: 'get a user',
    theirs: (client, tenant) => client.users.get(ids.user(tenant)),
    ours: (auth0, tenant) => auth0.users(ids.user(tenant)).get(),
  },
  {
    flow: 'tenant quotas',
    theirs: (client) =>
      client.tenants.settings.update({
        default_token_quota: { clients: { client_credentials: QUOTA }, organizations: { client_credentials: QUOTA } },
      }),
    ours: (auth0) => auth0.tenant().quotas().clients(WORDS).organizations(WORDS),
  },
  {
    flow: 'client quota',
    theirs: (client, tenant) =>
      client.clients.update(ids.client(tenant), { token_quota: { client_credentials: QUOTA } }),
    ours: (auth0, tenant) => auth0.clients(ids.client(tenant)).quota(WORDS),
  },
  {
    flow: 'clear a client quota',
    theirs: (client, tenant) => client.clients.update(ids.client(tenant), { token_quota: null }),
    ours: (auth0, tenant) => auth0.clients(ids.client(tenant)).quota(null),
  },
  {
    flow: 'organization quota',
    theirs: (client, tenant) =>
      client.organizations.update(ids.organization(tenant), { token_quota: { client_credentials: QUOTA } }),
    ours: (auth0, tenant) => auth0.organizations(ids.organization(tenant)).quota(WORDS),
  },
  {
    flow: 'job errors',
    theirs: (client) => client.jobs.errors.get(job),
    ours: (auth0) => auth0.jobs(job).errors.get(),
  },
  {
    flow: 'network ACL: list',
    theirs: (client) => client.networkAcls.list({ per_page: 50 }),
    ours: (auth0) => auth0.networkAcls.list({ per_page: 50 }),
  },
  {
    flow: 'network ACL: get',
    theirs: (client) => client.networkAcls.get(acl),
    ours: (auth0) => auth0.networkAcls(acl).get(),
  },
  {
    flow: 'network ACL: update',
    theirs: (client) => client.networkAcls.update(acl, CHANGED),
    ours: (auth0) => rule(auth0).update(acl),
  },
  {
    flow: 'network ACL: set',
    theirs: (client) => client.networkAcls.set(acl, CHANGED),
    ours: (auth0) => rule(auth0).set(acl),
  },
  {
    flow: 'verification ticket',
    theirs: (client, tenant) => client.tickets.verifyEmail({ user_id: ids.user(tenant) }),
    ours: (auth0, tenant) => auth0.tickets.verifyEmail({ user_id: ids.user(tenant) }),
  },
  {
    flow: 'verification ticket on a custom domain',
    theirs: (client, tenant) =>
      client.tickets.verifyEmail(
        { user_id: ids.user(tenant) },
        { headers: { 'auth0-custom-domain': ids.domain(tenant) } },
      ),
    ours: (auth0, tenant) => auth0.tickets.verifyEmail({ user_id: ids.user(tenant) }).customDomain(ids.domain(tenant)),
  },
  {
    flow: 'invitation on a custom domain',
    theirs: (client, tenant) =>
      client.organizations.invitations.create(
        ids.organization(tenant),
        { inviter: { name: 'Admin' }, invitee: { email: 'user@example.com' }, client_id: ids.main(tenant) },
        { headers: { 'auth0-custom-domain': ids.domain(tenant) } },
      ),
    ours: (auth0, tenant) =>
      auth0
        .organizations(ids.organization(tenant))
        .invitations.create({
          inviter: { name: 'Admin' },
          invitee: { email: 'user@example.com' },
          client_id: ids.main(tenant),
        })
        .customDomain(ids.domain(tenant)),
  },
]

let tenant: Sandbox
let client: ManagementClient
let auth0: Session

beforeAll(async () => {
  tenant = await sandbox()
  const { domain, clientId, clientSecret, dispatcher } = tenant.options
  const { fetch } = await import('undici')
  const through = ((url: string, init: object) =>
    fetch(String(url), { ...init, dispatcher: dispatcher as never })) as unknown as typeof globalThis.fetch
  client = new ManagementClient({ domain, clientId, clientSecret, fetch: through, maxRetries: 0 })
  auth0 = connect(tenant.options)
  acl = (await auth0.networkAcls.create(ACL).run()).id ?? ''
  job = (await auth0.jobs.verificationEmail.create({ user_id: ids.user(tenant) }).run()).id
  await client.users.get(ids.user(tenant))
})
afterAll(() => tenant.close())

/** What a call sent to the Management API, as the sandbox saw it. */
async function sentBy(call: () => PromiseLike<unknown>): Promise<object[]> {
  const before = tenant.requests.length
  await call()
  return tenant.requests
    .slice(before)
    .filter((request) => request.path.startsWith('/api/v2/'))
    .map(({ method, path, query, body, headers, status }: SandboxRequest) => ({
      method,
      path,
      query,
      body,
      domain: headers['auth0-custom-domain'],
      status,
    }))
}

describe("Auth0's own SDK and the grammar send the same", () => {
  it.each(flows.map((flow) => [flow.flow, flow] as const))('%s', async (_name, flow) => {
    const theirs = await sentBy(() => flow.theirs(client, tenant))
    const ours = await sentBy(() => flow.ours(auth0, tenant).run())
    expect(theirs).toHaveLength(1)
    expect(ours).toEqual(theirs)
  })

  it('a network ACL is created alike', async () => {
    await auth0.networkAcls(acl).delete().run()
    const theirs = await sentBy(() => client.networkAcls.create(ACL))
    const page = await auth0.networkAcls.list().run()
    await auth0
      .networkAcls(page.items[0]?.id ?? '')
      .delete()
      .run()
    const ours = await sentBy(() =>
      auth0.networkAcls
        .rule()
        .block()
        .countries('IMG')
        .scope('management')
        .priority(1)
        .active(true)
        .describe('Reject all traffic from an imaginary country')
        .create()
        .run(),
    )
    expect(ours).toEqual(theirs)
  })

  it('walks the same list to its end', async () => {
    const theirs: unknown[] = []
    for await (const user of await client.users.list({ per_page: 1 })) theirs.push(user.user_id)
    const ours = await auth0.users.list({ per_page: 1 }).all().run()
    expect(ours.map((user) => user.user_id)).toEqual(theirs)
  })
})
