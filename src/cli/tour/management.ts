import { clientCredentials } from '../../tokens/index.ts'
import type { TourFlow } from './flow.ts'
import { jobFlows } from './jobs.ts'
import { networkAclFlows } from './network-acls.ts'

/** Clients and token providers of the Management API. */
const providerFlows: readonly TourFlow[] = [
  {
    flow: 'management-client-credentials',
    documented: 'ManagementClient with ClientCredentialsTokenProvider',
    calls: ['new ManagementClient(ClientCredentialsTokenProvider)', 'Users.ListAsync'],
    here: 'connect({ domain, clientId, clientSecret }) · connect({ domain, token: clientCredentials({ domain, clientId, clientSecret }) })',
    async run({ tenant, connect, step, expect }) {
      const { domain, clientId, clientSecret, dispatcher, clock } = tenant.options
      const provider = clientCredentials({ domain, clientId, clientSecret })
      const auth0 = connect({ domain, dispatcher, clock, token: provider })
      const page = await step('auth0.users.list()', auth0.users.list())
      expect(page.items.length > tenant.seed.users.length, 'the token is acquired and the users are listed')
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
      let cancelled = false
      const slow = connect({
        domain,
        dispatcher,
        clock,
        token: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              cancelled = true
              reject(new Error('cancelled'))
            })
          }),
      })
      const waiting = slow.users.list().run()
      waiting.abort()
      await waiting.outcome()
      expect(cancelled, 'a vault that is slow is told when the plan is cancelled')
    },
  },
  {
    flow: 'management-manual-token',
    documented: 'ManagementApiClient with a manual token',
    calls: ['new ManagementApiClient(token)'],
    here: "connect({ domain, token: 'eyJ…' })",
    async run({ tenant, auth0, connect, step, expect }) {
      const { domain, dispatcher, clock } = tenant.options
      const audience = 'https://my.custom.domain/api/v2/'
      const { access_token } = await step(
        `auth0.login.clientCredentials({ audience: '${audience}' })`,
        auth0.login.clientCredentials({ audience }),
      )
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

/** Flows of the Management API. */
export const managementFlows: readonly TourFlow[] = [...providerFlows, ...quotaFlows, ...jobFlows, ...networkAclFlows]
