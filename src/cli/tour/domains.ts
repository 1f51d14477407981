import { customDomain, retry, token } from '../../pipeline/index.ts'
import type { BasePlan } from '../../plan/index.ts'
import type { Sandbox } from '../../sandbox/index.ts'
import type { Session } from '../../session/index.ts'
import type { TourContext, TourFlow } from './flow.ts'

/** The value of the custom-domain header on the newest request that fits. */
function headerOf(tenant: Sandbox, path: string): string | undefined {
  const request = [...tenant.requests].reverse().find((one) => one.path === path)
  return request?.headers['auth0-custom-domain']
}

const TICKET = '/api/v2/tickets/email-verification'
const USERS = '/api/v2/users'

const DOMAIN = 'login.mycompany.com'
const USER = 'auth0|abc123'

/** The domain of the page, which a new tenant does not have. */
async function withDomain({ auth0, step }: TourContext): Promise<void> {
  const made = await step(
    `auth0.customDomains.create({ domain: '${DOMAIN}', type: 'auth0_managed_certs' })`,
    auth0.customDomains.create({ domain: DOMAIN, type: 'auth0_managed_certs' }),
  )
  await step('auth0.customDomains(id).verify()', auth0.customDomains(made.custom_domain_id ?? '').verify())
}

/** The eight endpoints of the page, and one that is none of them. */
function endpoints(session: Session, { tenant }: TourContext): Readonly<Record<string, BasePlan<unknown>>> {
  const { organizations, connection } = tenant.seed
  return {
    'POST /api/v2/tickets/email-verification': session.tickets.verifyEmail({ user_id: USER }),
    'POST /api/v2/tickets/password-change': session.tickets.changePassword({ user_id: USER }),
    'POST /api/v2/organizations/{id}/invitations': invitation(session, organizations[0]?.id ?? ''),
    'POST /api/v2/guardian/enrollments/ticket': session.guardian.enrollments.createTicket({ user_id: USER }),
    'POST /api/v2/jobs/verification-email': session.jobs.verificationEmail.create({ user_id: USER }),
    'POST /api/v2/jobs/users-imports': session.jobs.usersImports.create({
      connection_id: connection.id,
      users: [{ email: 'imported@example.com' }],
    }),
    'POST /api/v2/users': session.users.create({
      email: 'made@example.com',
      password: 'Long-enough-1',
      connection: connection.name,
    }),
    'PATCH /api/v2/users/{id}': session.users(USER).update({ verify_email: true, email: 'abc@example.com' }),
    'GET /api/v2/clients': session.clients.list(),
  }
}

function invitation(session: Session, organization: string) {
  return session.organizations(organization).invitations.create({
    inviter: { name: 'Admin' },
    invitee: { email: 'user@example.com' },
    client_id: 'clientId',
  })
}

/** Several custom domains: the header where it counts, and nowhere else. */
export const domainFlows: readonly TourFlow[] = [
  {
    flow: 'custom-domain-global',
    documented: 'Custom domain globally',
    calls: ['ManagementClientOptions.CustomDomain', 'Tickets.VerifyEmailAsync'],
    here: 'connect({ customDomain })',
    async run(context) {
      const { tenant, connect, step, say, expect } = context
      await withDomain(context)
      const auth0 = connect({ ...tenant.options, customDomain: DOMAIN })
      const ticket = await step(
        `auth0.tickets.verifyEmail({ user_id: '${USER}' })`,
        auth0.tickets.verifyEmail({ user_id: USER }),
      )
      say(`Ticket URL: on ${new URL(ticket.ticket).host}`)
      expect(ticket.ticket.startsWith(`https://${DOMAIN}/`), 'the link is on the custom domain')
      await step('auth0.users.list()', auth0.users.list())
      expect(headerOf(tenant, USERS) === undefined, 'the header is taken off where it does not count')
    },
  },
  {
    flow: 'custom-domain-endpoints',
    documented: 'Custom domain on the eight endpoints, and on no other',
    calls: ['CustomDomainInterceptor'],
    here: 'plan.explain().customDomain',
    async run(context) {
      const { tenant, connect, say, expect } = context
      await withDomain(context)
      const session = connect({ ...tenant.options, customDomain: DOMAIN })
      for (const [endpoint, plan] of Object.entries(endpoints(session, context))) {
        await plan.run()
        const sent = tenant.requests.at(-1)?.headers['auth0-custom-domain']
        const isListed = !endpoint.startsWith('GET')
        say(`${endpoint} · ${sent ?? 'no header'}`)
        expect((sent === DOMAIN) === isListed, `the header is ${isListed ? 'on' : 'off'} there`)
      }
    },
  },
  {
    flow: 'custom-domain-per-request',
    documented: 'Custom domain per request',
    calls: ['CustomDomainHeader.For', 'Tickets.VerifyEmailAsync', 'Organizations.Invitations.CreateAsync'],
    here: 'plan.customDomain(domain)',
    async run(context) {
      const { tenant, auth0, step, say, expect } = context
      await withDomain(context)
      const ticket = await step(
        `auth0.tickets.verifyEmail({ user_id: '${USER}' }).customDomain('${DOMAIN}')`,
        auth0.tickets.verifyEmail({ user_id: USER }).customDomain(DOMAIN),
      )
      say(`Ticket URL: on ${new URL(ticket.ticket).host}`)
      expect(ticket.ticket.startsWith(`https://${DOMAIN}/`), 'this one link is on the custom domain')
      const organization = tenant.seed.organizations[0]?.id ?? ''
      await step(
        `auth0.organizations(id).invitations.create({ inviter: { name: 'Admin' }, invitee: { email: 'user@example.com' }, client_id: 'clientId' }).customDomain('${DOMAIN}')`,
        invitation(auth0, organization).customDomain(DOMAIN),
      )
      expect(
        headerOf(tenant, `/api/v2/organizations/${organization}/invitations`) === DOMAIN,
        'invitations honour it too',
      )
    },
  },
  {
    flow: 'custom-domain-with-options',
    documented: 'Custom domain with other options',
    calls: ['RequestOptions { AdditionalHeaders, MaxRetries }'],
    here: 'plan.with({ headers, maxRetries: 1 }).customDomain(domain)',
    async run(context) {
      const { tenant, auth0, step, expect } = context
      await withDomain(context)
      await step(
        `auth0.tickets.verifyEmail({ user_id: '${USER}' }).with({ headers: { 'X-Correlation-Id': 'abc-123' }, maxRetries: 1, timeout: 10_000 }).customDomain('${DOMAIN}')`,
        auth0.tickets
          .verifyEmail({ user_id: USER })
          .with({ headers: { 'X-Correlation-Id': 'abc-123' }, maxRetries: 1, timeout: 10_000 })
          .customDomain(DOMAIN),
      )
      const request = [...tenant.requests].reverse().find((one) => one.path === TICKET)
      expect(request?.headers['x-correlation-id'] === 'abc-123', 'the other header goes along')
      expect(request?.headers['auth0-custom-domain'] === DOMAIN, 'and so does the domain')
    },
  },
  {
    flow: 'custom-domain-own-pipeline',
    documented: 'ManagementApiClient with CustomDomainInterceptor as handler',
    calls: ['new HttpClient(new CustomDomainInterceptor())'],
    here: 'connect({ pipeline: [retry(), token(), customDomain()] })',
    async run(context) {
      const { tenant, connect, step, say, expect } = context
      await withDomain(context)
      const { domain, dispatcher, clock } = tenant.options
      const { access_token } = await step('auth0.login.clientCredentials()', context.auth0.login.clientCredentials())
      const options = { domain, dispatcher, clock, token: access_token, customDomain: DOMAIN }
      const auth0 = connect({ ...options, pipeline: [retry(), token(), customDomain()] })
      await step(`auth0.tickets.verifyEmail({ user_id: '${USER}' })`, auth0.tickets.verifyEmail({ user_id: USER }))
      expect(headerOf(tenant, TICKET) === DOMAIN, 'the header goes where it counts')
      await step('auth0.users.list()', auth0.users.list())
      expect(headerOf(tenant, USERS) === undefined, 'customDomain() takes it off elsewhere')
      say('Without customDomain() in the pipeline the header rides on every request, as documented:')
      const bare = connect({ ...options, pipeline: [retry(), token()] })
      await step('auth0.users.list()', bare.users.list())
      expect(headerOf(tenant, USERS) === DOMAIN, 'nothing has taken it off')
    },
  },
]
