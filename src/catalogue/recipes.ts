/** An operation with the arguments for one purpose, as it is written. */
interface Recipe {
  /** Id of the operation, or path of the word. */
  readonly id: string
  /** What is typed; `id`, `client_id` and the like stand for a value of the reader's. */
  readonly expression: string
  /** How people say what it is for. */
  readonly said: string
}

const recipe = (id: string, expression: string, said: string): Recipe => ({ id, expression, said })
const logs = (q: string, said: string): Recipe => recipe('logs.list', `auth0.logs.list({ q: '${q}' })`, said)
const users = (q: string, said: string): Recipe => recipe('users.list', `auth0.users.list({ q: '${q}' })`, said)
const user = (body: string, said: string): Recipe => recipe('users.update', `auth0.users(id).update({ ${body} })`, said)

/** Nouns of what an administrator changes. */
const CHANGED = ['client', 'user', 'connection', 'role', 'API', 'organization', 'action', 'setting of the tenant']

/**
 * What people look for by its purpose, where the answer is an operation with a query or a body. A search shows the whole
 * expression.
 * Pages: https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes,
 * https://auth0.com/docs/manage-users/user-search/user-search-query-syntax
 */
export const RECIPES: readonly Recipe[] = [
  logs(
    'type:f OR type:fp OR type:fu',
    'failed logins, login failures, wrong passwords, unsuccessful login attempts, who could not log in',
  ),
  logs(
    '(type:f* OR type:limit_*) AND user_name:"ada@example.com"',
    'why can a user not log in, why does the login of a user fail, login problem of a user, trouble with login',
  ),
  logs(
    'type:sapi',
    [
      'audit, audit trail, changes of the tenant, what was changed lately, actions of administrators',
      ...CHANGED.map((noun) => `who changed the ${noun}`),
    ].join(', '),
  ),
  logs('type:s', 'successful logins, recent logins, who logged in'),
  logs('type:ss', 'new sign ups, who signed up'),
  logs('type:limit_wc OR type:limit_mu OR type:limit_sul', 'attacks, blocked addresses, too many attempts'),
  logs('type:pwd_leak OR type:signup_pwd_leak', 'logins with leaked passwords'),
  logs('type:gd_auth_failed OR type:gd_auth_rejected', 'failed MFA, rejected push notifications'),
  logs('date:[2026-01-01 TO 2026-01-08]', 'logs of last week, logs of a day, logs between two dates'),
  users(
    '(NOT _exists_:logins_count) OR logins_count:0',
    'users who never logged in, never signed in, accounts without a login, unused accounts',
  ),
  users(
    'last_login:[* TO 2026-01-01]',
    'inactive users, users who have not logged in for a long time, dormant accounts',
  ),
  users('blocked:true', 'which users are blocked, blocked users'),
  users('email_verified:false', 'users with an unverified email'),
  users('email:*@example.com', 'users with an email address at a domain, users of a company by email domain'),
  users(
    'identities.connection:"Username-Password-Authentication"',
    'users of a connection, users of one database, who uses a connection',
  ),
  recipe(
    'users.authenticationMethods.list',
    "show(auth0.users.list(), { columns: ['email'], with: { mfa: ({ user_id }) => auth0.users(user_id).authenticationMethods.list() } })",
    'which users have MFA, users with MFA, who enrolled in MFA, users without MFA',
  ),
  recipe(
    'users.list',
    "auth0.users.list({ sort: 'last_login:-1' })",
    'users by last login, most recent login of users',
  ),
  recipe(
    'users.get',
    "auth0.users(id).get({ fields: 'last_login,last_ip,logins_count' })",
    'last login of a user, when did a user log in last, how often did a user log in',
  ),
  user('blocked: true', 'block a user, disable a user, lock a user, suspend an account, ban a user'),
  user('blocked: false', 'unblock a blocked user, enable a user again'),
  user('password, connection', 'change the password of a user, set a password'),
  user('email, verify_email: true', 'change the email of a user'),
  user('email_verified: true', 'mark an email as verified, confirm an address without an email'),
  user("user_metadata: { plan: 'gold' }", 'user metadata, store data on a user, extra fields of a user, preferences'),
  user("app_metadata: { plan: 'gold' }", 'app metadata, store data on a user that the user may not change'),
  recipe(
    'users.export',
    "auth0.users.export({ format: 'csv', fields: ['user_id', 'email'] })",
    'export users csv, download users as a spreadsheet, users as csv',
  ),
  recipe(
    'clients.update',
    'auth0.clients(id).update({ callbacks: [url] })',
    'callback urls of an application, redirect addresses of an app',
  ),
  recipe(
    'clients.update',
    'auth0.clients(id).update({ allowed_logout_urls: [url] })',
    'allowed logout urls, logout address of an app',
  ),
  recipe(
    'clients.update',
    "auth0.clients(id).update({ grant_types: ['authorization_code', 'refresh_token'] })",
    'grant types of an application, enable or disable a grant for an app, implicit grant',
  ),
  recipe(
    'tenants.settings.update',
    'auth0.tenants.settings.update({ session_lifetime: 72, idle_session_lifetime: 24 })',
    'change the session lifetime, change how long people stay logged in',
  ),
]
