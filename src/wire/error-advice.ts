import { type OperationRow, pageOfGrant, REGION_RULE } from '../catalogue/index.ts'
import type { PlanData } from '../plan/index.ts'
import type { ErrorBody } from './error-body.ts'

interface Case {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly row: OperationRow
  readonly plan: PlanData
  /** The tenant may have carried the request out. */
  readonly doubtful: boolean
}

interface Advice {
  readonly when: (error: Case) => boolean
  readonly next: string | ((error: Case) => string)
}

const isAuthentication = ({ row }: Case): boolean => row.api === 'authentication'

/** The first that fits speaks; the last ones fit by status alone. */
const ADVICE: readonly Advice[] = [
  {
    when: ({ message }) => /^Service not found/i.test(message),
    next:
      "No API has this audience. Where the domain is a custom one, the Management API keeps the audience of the tenant's own domain: " +
      'pass tenantDomain or audience to connect(). Otherwise check the identifier, to its last slash, and the region in the domain.',
  },
  {
    when: ({ message }) => /not authorized to access/i.test(message),
    next: 'Give the application a client grant for this audience (auth0.clientGrants.create), with the scopes it needs.',
  },
  {
    when: ({ code, message }) => code === 'unauthorized_client' && /grant type/i.test(message),
    next: ({ message, plan }) => {
      const grant = /Grant type '([^']+)'/i.exec(message)?.[1] ?? grantOf(plan)
      const named = grant === undefined ? 'the grant' : `the grant ${grant}`
      const realm = grant?.endsWith('password-realm')
        ? ' A login with a realm needs password-realm, not only password.'
        : ''
      return `Enable ${named} for the application: add it to grant_types with auth0.clients(id).update.${realm}`
    },
  },
  {
    when: ({ code }) => code === 'too_many_attempts',
    next: 'Attack protection blocks this user or address, and trying again prolongs it: wait, or unblock with auth0.userBlocks.',
  },
  {
    when: (error) => isAuthentication(error) && /user is blocked/i.test(error.message),
    next: 'Somebody blocked this user: auth0.users(id).update({ blocked: false }) lets them in again.',
  },
  {
    when: (error) =>
      isAuthentication(error) &&
      /connection\b.*\b(does not exist|not found|not enabled)|unknown (realm|connection)|not a valid connection/i.test(
        error.message,
      ),
    next: 'A realm or connection is named as in the tenant, and has to be enabled for the application: auth0.connections.list shows the names.',
  },
  {
    when: ({ code }) => code === 'requires_verification',
    next: 'Bot detection asks for a proof that this grant cannot give: log in through the browser with auth0.authorize.url().',
  },
  {
    when: ({ code, message }) =>
      code === 'association_required' || code === 'unsupported_challenge_type' || /not enrolled/i.test(message),
    next: 'The user has no such factor yet: enrol one first with auth0.mfa(token).enroll, then ask for the challenge.',
  },
  {
    when: ({ code, row }) => code === 'authorization_pending' && row.answerAs === 'tokens',
    next: 'Nobody has approved yet: run the plan again in a few seconds, or use the word of the grammar, which polls.',
  },
  {
    when: ({ code }) => code === 'slow_down',
    next: 'Poll more slowly: wait at least five seconds longer between two requests.',
  },
  {
    when: ({ code }) => code === 'expired_token',
    next: 'The transaction is over: start the login again to get a new token.',
  },
  {
    when: ({ code, message }) => code === 'custom_domain_conflict' || /multiple verified custom domains/i.test(message),
    next:
      'Name the domain: plan.customDomain(domain) for this plan, connect({ customDomain }) for all, ' +
      'or set a default domain of the tenant with auth0.customDomains.setDefault.',
  },
  {
    when: ({ message }) => /custom domain does not exist|auth0-custom-domain/i.test(message),
    next:
      'The name given to plan.customDomain(domain) or connect({ customDomain }) must be a verified custom domain of this tenant, ' +
      'without scheme: auth0.customDomains.list() shows them.',
  },
  {
    when: ({ code, message }) => code === 'invalid_grant' && /mfa_token/i.test(message),
    next: 'Start the login again: its new mfa_required error carries a fresh token for the same application.',
  },
  {
    when: ({ code, message }) => code === 'invalid_grant' && /otp_code|binding_code|recovery/i.test(message),
    next: 'Ask for the code again and verify once more; each code works once.',
  },
  {
    when: ({ code, message }) => code === 'invalid_grant' && /refresh token/i.test(message),
    next: 'The refresh token is unknown, expired, revoked or already rotated: let the user log in again.',
  },
  {
    when: ({ code, message }) =>
      /^(invalid_grant|invalid_user_password)$/.test(code) && /email or password/i.test(message),
    next: 'Check the user name, the password and the realm (the name of the connection).',
  },
  {
    when: ({ code }) => code === 'invalid_grant',
    next: 'Codes and tokens of a login work once and for a short time: start it again.',
  },
  {
    when: ({ code }) => code === 'password_leaked',
    next: 'The password was found in a breach: let the user set a new one.',
  },
  {
    when: (error) =>
      isAuthentication(error) && error.status === 401 && /^(invalid_client|access_denied)$/.test(error.code),
    next: 'Check the client id and the client secret (or the key of the client assertion) of the application, and that it belongs to this tenant.',
  },
  {
    when: ({ message }) => /user is already enrolled/i.test(message),
    next: 'With a factor at hand, enrolling needs an access token: log in with audience "mfa", then enrol with that token.',
  },
  {
    when: ({ code }) => code === 'access_denied',
    next: 'A rule, an Action or the user denied it: the tenant log (auth0.logs.list) says which.',
  },
  {
    when: ({ code, message }) =>
      code === 'insufficient_entitlement' || code === 'feature_not_enabled' || /upgrade/i.test(message),
    next: 'The Auth0 plan of this tenant does not include it: another plan or an add-on does.',
  },
  {
    when: ({ code, message }) => code === 'invalid_paging' || /first 1000 records/i.test(message),
    next: 'Narrow the list with q, page by checkpoint where the operation has take, or export with auth0.jobs.usersExports.create.',
  },
  {
    when: ({ status, message, row }) =>
      /unknown (?:host|tenant)|tenant (?:not found|does not exist)/i.test(message) ||
      (status === 404 && row.answerAs === 'tokens'),
    next: `No tenant answers at this domain. Check its spelling and its region: ${REGION_RULE}. Copy it from the application's settings page.`,
  },
  {
    when: ({ code, status }) => status === 400 && code === 'invalid_query_string',
    next: ({ row }) => `Correct the named query parameter. See ${row.docs}.`,
  },
  { when: ({ code, status }) => status === 400 && code === 'invalid_uri', next: 'Correct the id in the path.' },
  {
    when: ({ status }) => status === 400,
    next: ({ row }) => `Correct the named field and run the plan again. See ${row.docs}.`,
  },
  {
    when: (error) => error.status === 401 && !isAuthentication(error),
    next:
      'The token is not valid for the Management API of this tenant: check that it is not expired and that its audience is ' +
      'https://{tenant domain}/api/v2/, or let connect() get one with clientId and clientSecret.',
  },
  { when: ({ status }) => status === 401, next: 'Check the token or the credentials that the plan was given.' },
  {
    when: ({ status }) => status === 403,
    next: ({ row }) => `Check what the application and its token may do. See ${row.docs}.`,
  },
  { when: ({ status }) => status === 404, next: notFound },
  {
    when: ({ status }) => status === 405 || status === 501,
    next: ({ row }) => `This tenant does not serve it. See ${row.docs}.`,
  },
  {
    when: ({ status }) => status === 409,
    next: 'Read the present record: change that one, or choose another name or value.',
  },
  { when: ({ status }) => status === 413, next: 'Send less at once: 1 MB in a body, 512000 bytes in a file of users.' },
  { when: ({ status }) => status === 414, next: 'Shorten the query.' },
  { when: ({ status }) => status === 429, next: 'Wait before you try again.' },
  {
    when: ({ doubtful, row, plan }) => doubtful && row.retry !== 'idempotent' && grantOf(plan) !== 'client_credentials',
    next: 'The request may have been applied: read the record before you send it again.',
  },
  {
    when: ({ status }) => status >= 500,
    next: 'Auth0 has trouble: try again later, and look at https://status.auth0.com.',
  },
  {
    when: ({ status }) => status >= 300 && status < 400,
    next: 'Redirects are not followed: check the domain, or open the address in a browser.',
  },
]

/** What to do next after an error answer, in whole sentences. */
export function advice(status: number, said: ErrorBody, row: OperationRow, plan: PlanData, doubtful = false): string {
  const grant = row.answerAs === 'tokens' ? grantOf(plan) : undefined
  const docs = (grant === undefined ? undefined : pageOfGrant(grant)) ?? row.docs
  const error: Case = {
    status,
    code: said.code ?? '',
    message: said.message,
    row: docs === row.docs ? row : { ...row, docs },
    plan,
    doubtful,
  }
  const found = ADVICE.find(({ when }) => when(error))
  if (found === undefined) return `See ${docs}.`
  return typeof found.next === 'string' ? found.next : found.next(error)
}

function notFound({ row, plan }: Case): string {
  const ids = Object.values(plan.params ?? {})
  const look = ids.length === 0 ? 'Check the path' : `Check ${ids.map((id) => JSON.stringify(id)).join(' and ')}`
  const [first] = ids
  const named = typeof first === 'string' ? byName(row.group[0] ?? '', first) : undefined
  if (named !== undefined) return `${JSON.stringify(first)} is not an id: ${named} finds it. See ${row.docs}.`
  return `${look}, and that the session is connected to the right tenant. See ${row.docs}.`
}

/** What finds a record by the name or address that was written where its id belongs. */
function byName(group: string, id: string): string | undefined {
  const text = `'${id.replaceAll("'", "\\'")}'`
  if (group === 'users' && /^[^|\s]+@[^|\s]+$/.test(id)) return `auth0.users.listUsersByEmail({ email: ${text} })`
  if (group === 'organizations' && !id.startsWith('org_')) return `auth0.organizations.getByName(${text})`
  if (group === 'roles' && !id.startsWith('rol_')) return `auth0.roles.list({ name_filter: ${text} })`
  if (group === 'connections' && !id.startsWith('con_')) return `auth0.connections.list({ name: ${text} })`
  return undefined
}

function grantOf(plan: PlanData): string | undefined {
  const body = plan.body
  if (typeof body !== 'object' || body === null || !('grant_type' in body)) return undefined
  return typeof body.grant_type === 'string' ? body.grant_type : undefined
}
