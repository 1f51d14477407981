import { customDomain, retry, token } from '../../pipeline/index.ts'
import type { Sandbox } from '../../sandbox/index.ts'
import type { TourFlow } from './flow.ts'

/** The value of the custom-domain header on the newest request that fits. */
function headerOf(tenant: Sandbox, path: string): string | undefined {
  const request = [...tenant.requests].reverse().find((one) => one.path === path)
  return request?.headers['auth0-custom-domain']
}

const TICKET = '/api/v2/tickets/email-verification'
const USERS = '/api/v2/users'

/** Several custom domains: the header where it counts, and nowhere else. */
export const domainFlows: readonly TourFlow[] = [
  {
    flow: 'custom-domain-global',
    documented: 'Custom domain globally',
    calls: ['ManagementClientOptions.CustomDomain', 'Tickets.VerifyEmailAsync'],
    here: 'connect({ customDomain })',
    async run({ tenant, connect, step, expect }) {
      const domain = tenant.seed.customDomains[0]?.domain ?? ''
      const auth0 = connect({ ...tenant.options, customDomain: domain })
      const user_id = tenant.seed.users[0]?.user_id ?? ''
      const ticket = await step('auth0.tickets.verifyEmail({ user_id })', auth0.tickets.verifyEmail({ user_id }))
      expect(ticket.ticket.startsWith(`https://${domain}/`), 'the link is on the custom domain')
      await step('auth0.users.list()', auth0.users.list())
      expect(headerOf(tenant, USERS) === undefined, 'the header is taken off where it does not count')
    },
  },
  {
    flow: 'custom-domain-per-request',
    documented: 'Custom domain per request',
    calls: ['CustomDomainHeader.For', 'Tickets.VerifyEmailAsync', 'Organizations.Invitations.CreateAsync'],
    here: 'plan.customDomain(domain)',
    async run({ tenant, auth0, step, expect }) {
      const domain = tenant.seed.customDomains[1]?.domain ?? ''
      const user_id = tenant.seed.users[0]?.user_id ?? ''
      const ticket = await step(
        'auth0.tickets.verifyEmail({ user_id }).customDomain(domain)',
        auth0.tickets.verifyEmail({ user_id }).customDomain(domain),
      )
      expect(ticket.ticket.startsWith(`https://${domain}/`), 'this one link is on the custom domain')
      const organization = tenant.seed.organizations[0]?.id ?? ''
      const invitation = auth0.organizations(organization).invitations.create({
        inviter: { name: 'Admin' },
        invitee: { email: 'user@example.com' },
        client_id: tenant.seed.clients[0]?.client_id ?? '',
      })
      await step(
        'auth0.organizations(id).invitations.create({…}).customDomain(domain)',
        invitation.customDomain(domain),
      )
      expect(
        headerOf(tenant, `/api/v2/organizations/${organization}/invitations`) === domain,
        'invitations honour it too',
      )
    },
  },
  {
    flow: 'custom-domain-with-options',
    documented: 'Custom domain with other options',
    calls: ['RequestOptions { AdditionalHeaders, MaxRetries }'],
    here: 'plan.with({ headers, maxRetries: 1 }).customDomain(domain)',
    async run({ tenant, auth0, step, expect }) {
      const domain = tenant.seed.customDomains[0]?.domain ?? ''
      const user_id = tenant.seed.users[0]?.user_id ?? ''
      await step(
        "auth0.tickets.verifyEmail({ user_id }).with({ headers: { 'x-correlation-id': 'abc-123' }, maxRetries: 1 }).customDomain(domain)",
        auth0.tickets
          .verifyEmail({ user_id })
          .with({ headers: { 'x-correlation-id': 'abc-123' }, maxRetries: 1 })
          .customDomain(domain),
      )
      const request = [...tenant.requests].reverse().find((one) => one.path === TICKET)
      expect(request?.headers['x-correlation-id'] === 'abc-123', 'the other header goes along')
      expect(request?.headers['auth0-custom-domain'] === domain, 'and so does the domain')
    },
  },
  {
    flow: 'custom-domain-own-pipeline',
    documented: 'ManagementApiClient with CustomDomainInterceptor as handler',
    calls: ['new HttpClient(new CustomDomainInterceptor())'],
    here: 'connect({ pipeline: [retry(), token(), customDomain()] })',
    async run({ tenant, connect, step, say, expect }) {
      const domain = tenant.seed.customDomains[0]?.domain ?? ''
      const user_id = tenant.seed.users[0]?.user_id ?? ''
      const options = { ...tenant.options, customDomain: domain }
      const auth0 = connect({ ...options, pipeline: [retry(), token(), customDomain()] })
      await step('auth0.tickets.verifyEmail({ user_id })', auth0.tickets.verifyEmail({ user_id }))
      expect(headerOf(tenant, TICKET) === domain, 'the header goes where it counts')
      await step('auth0.users.list()', auth0.users.list())
      expect(headerOf(tenant, USERS) === undefined, 'customDomain() takes it off elsewhere')
      say('Without customDomain() in the pipeline the header rides on every request, as documented:')
      const bare = connect({ ...options, pipeline: [retry(), token()] })
      await step('auth0.users.list()', bare.users.list())
      expect(headerOf(tenant, USERS) === domain, 'nothing has taken it off')
    },
  },
]
