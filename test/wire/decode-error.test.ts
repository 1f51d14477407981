import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { operationIds, rows } from '../../src/catalogue/index.ts'
import {
  ApiError,
  type MfaRequiredError,
  type PlanData,
  type QuotaExceededError,
  type RateLimitError,
  type ScopeError,
  type SecretValues,
} from '../../src/plan/index.ts'
import { decodeError, type HttpReply, rowOf } from '../../src/wire/index.ts'
import { planOf } from './plans.ts'

const now = Date.UTC(2026, 10, 24, 9, 1, 0)

// Advice that names a word which does not exist would be worse than none.
const KNOWN_WORDS = [
  ...operationIds(),
  ...rows().map((row) => row.group.join('.')),
  'authorize.url',
  'mfa.enroll',
  'mfa',
]

function wordsOf(message: string): string[] {
  const found = message.matchAll(/auth0\.([a-z]\w*(?:\.\w+|\(\w+\)(?=\.\w))*)/g)
  return [...found].map(([, word]) => (word ?? '').replace(/\(\w+\)/g, '')).filter((word) => !word.startsWith('com'))
}

function errorOf<E = ApiError>(
  op: string,
  status: number,
  body: unknown,
  {
    headers = {},
    plan: fields = {},
    secrets = {},
  }: { headers?: HttpReply['headers']; plan?: Partial<PlanData>; secrets?: SecretValues } = {},
): E {
  const plan = planOf({ op, ...fields })
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return decodeError({ status, headers, body: text }, rowOf(plan), plan, 2, now, secrets) as E
}

describe('the bodies of errors', () => {
  it.each([
    [
      'of the Management API',
      { statusCode: 404, error: 'Not Found', message: 'Gone.', errorCode: 'inexistent_user' },
      'inexistent_user',
      'Gone.',
    ],
    [
      'of the Management API without a code',
      { statusCode: 404, error: 'Not Found', message: 'No organization.' },
      undefined,
      'No organization.',
    ],
    [
      'with error_code',
      { statusCode: 400, error: 'Bad Request', message: 'm', error_code: 'invalid_body' },
      'invalid_body',
      'm',
    ],
    [
      'of the Authentication API',
      { error: 'invalid_request', error_description: 'Missing' },
      'invalid_request',
      'Missing',
    ],
    [
      'of the database endpoints',
      { name: 'BadRequestError', code: 'invalid_signup', description: 'Invalid sign up' },
      'invalid_signup',
      'Invalid sign up',
    ],
    [
      'with a name alone',
      { name: 'PasswordHistoryError', message: 'used before' },
      'PasswordHistoryError',
      'used before',
    ],
    [
      'with problem details',
      {
        type: 'https://auth0.com/api-errors#A0E-400-0003',
        title: 'Bad',
        detail: 'why',
        validation_errors: [{ detail: 'too short', field: 'name' }],
      },
      'A0E-400-0003',
      'why (name: too short)',
    ],
    ['of one field', { error: 'Unauthorized' }, 'Unauthorized', 'Unauthorized'],
    ['with a JSON text', '"no"', undefined, 'no'],
    ['with a list', '[1]', undefined, ''],
    ['with plain text', 'too busy', undefined, 'too busy'],
    [
      'with a page',
      '<html><head><title>502 Bad Gateway</title></head></html>',
      undefined,
      'a page of HTML with the title "502 Bad Gateway"',
    ],
    ['with nothing', '', undefined, ''],
  ])('%s', (_, body, code, serverMessage) => {
    const error = errorOf('users.get', 400, body)
    expect(error).toBeInstanceOf(ApiError)
    expect(error.code).toBe(code)
    expect(error.serverMessage).toBe(serverMessage)
    expect(error).toMatchObject({ kind: 'api', status: 400, attempts: 2 })
    expect(error.message).toMatch(/^users\.get: Auth0 answered 400.*[.!?]$/)
  })

  it('name the rules that a password breaks', () => {
    const error = errorOf('authentication.database.signup', 400, {
      name: 'PasswordStrengthError',
      code: 'invalid_password',
      description: {
        verified: false,
        rules: [
          { message: 'At least %d characters in length', format: [8], code: 'lengthAtLeast', verified: false },
          { message: 'Fine', verified: true },
        ],
      },
    })
    expect(error.code).toBe('invalid_password')
    expect(error.serverMessage).toBe('At least 8 characters in length')
  })

  it('are kept whole, hidden from printing', () => {
    const error = errorOf(
      'users.get',
      404,
      { statusCode: 404, message: 'm', extra: 'kept' },
      { headers: { 'x-request-id': 'r1' } },
    )
    expect(error.body).toMatchObject({ extra: 'kept' })
    expect(error.requestId).toBe('r1')
    expect(inspect(error, { depth: null })).not.toContain('kept')
    expect(JSON.stringify(error)).not.toContain('kept')
  })

  it('do not bring a secret into the message, even where the server repeats it', () => {
    const error = errorOf(
      'users.create',
      400,
      { statusCode: 400, message: "'hunter22' is too weak" },
      { secrets: { password: 'hunter22' } },
    )
    expect(error.message).not.toContain('hunter22')
    expect(error.serverMessage).toContain('«secret»')
  })

  it('do not flood the message', () => {
    expect(errorOf('users.get', 500, 'x'.repeat(5000)).message.length).toBeLessThan(1000)
  })
})

describe('what to do next', () => {
  const grant = (grant_type: string) => ({ plan: { body: { grant_type } } })
  it.each([
    [
      'authentication.token',
      403,
      { error: 'access_denied', error_description: 'Service not found: https://login.example.com/api/v2/' },
      /pass tenantDomain or audience to connect\(\)/,
    ],
    [
      'authentication.token',
      403,
      { error: 'access_denied', error_description: 'Client is not authorized to access "x".' },
      /client grant/,
    ],
    [
      'authentication.token',
      403,
      {
        error: 'unauthorized_client',
        error_description: "Grant type 'http://auth0.com/oauth/grant-type/password-realm' not allowed for the client.",
      },
      /Enable the grant http:\/\/auth0\.com\/oauth\/grant-type\/password-realm.*grant_types.*needs password-realm/,
    ],
    [
      'authentication.token',
      401,
      { error: 'access_denied', error_description: 'Unauthorized' },
      /client id and the client secret/,
    ],
    [
      'authentication.token',
      401,
      { error: 'invalid_client', error_description: 'Unknown client.' },
      /client id and the client secret/,
    ],
    [
      'authentication.token',
      403,
      { error: 'invalid_grant', error_description: 'Wrong email or password.' },
      /user name, the password and the realm/,
    ],
    [
      'authentication.token',
      403,
      { error: 'invalid_grant', error_description: 'Invalid otp_code.' },
      /each code works once/,
    ],
    [
      'authentication.token',
      403,
      { error: 'invalid_grant', error_description: 'Malformed mfa_token' },
      /Start the login again/,
    ],
    [
      'authentication.token',
      403,
      { error: 'expired_token', error_description: 'mfa_token is expired' },
      /start the login again/,
    ],
    [
      'authentication.token',
      403,
      { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
      /log in again/,
    ],
    [
      'authentication.token',
      400,
      { error: 'access_denied', error_description: 'MFA Authorization rejected.' },
      /the user denied it/,
    ],
    ['authentication.token', 401, { error: 'requires_verification', error_description: 'x' }, /authorize\.url\(\)/],
    ['authentication.token', 401, { error: 'password_leaked', error_description: 'x' }, /set a new one/],
    ['authentication.mfa.challenge', 403, { error: 'association_required', error_description: 'x' }, /enrol one first/],
    [
      'authentication.mfa.challenge',
      401,
      { error: 'unsupported_challenge_type', error_description: 'User is not enrolled with guardian' },
      /enrol one first/,
    ],
    [
      'authentication.mfa.associate',
      403,
      { error: 'access_denied', error_description: 'User is already enrolled.' },
      /audience "mfa"/,
    ],
    [
      'users.create',
      409,
      {
        statusCode: 409,
        error: 'Conflict',
        message: 'The tenant has multiple verified custom domains.',
        errorCode: 'custom_domain_conflict',
      },
      /plan\.customDomain\(domain\).*connect\(\{ customDomain \}\).*default domain/,
    ],
    [
      'users.create',
      400,
      { statusCode: 400, error: 'Bad Request', message: 'The custom domain does not exist for the tenant.' },
      /customDomains\.list\(\)/,
    ],
    [
      'users.create',
      400,
      { statusCode: 400, message: 'The auth0-custom-domain HTTP header has an invalid format.' },
      /verified custom domain/,
    ],
    [
      'users.create',
      409,
      { statusCode: 409, error: 'Conflict', message: 'The user already exists.' },
      /Read the present record/,
    ],
    [
      'users.get',
      401,
      { statusCode: 401, error: 'Unauthorized', message: 'Invalid token', attributes: { error: 'Invalid token' } },
      /audience is https:\/\/\{tenant domain\}\/api\/v2\//,
    ],
    [
      'users.list',
      400,
      { statusCode: 400, message: 'You can only page through the first 1000 records.', errorCode: 'invalid_paging' },
      /usersExports/,
    ],
    [
      'clients.create',
      403,
      { statusCode: 403, message: 'Please upgrade your subscription', errorCode: 'insufficient_scope' },
      /plan of this tenant does not include/,
    ],
    ['jobs.usersImports.create', 413, { statusCode: 413, message: 'Payload too large' }, /512000 bytes/],
    ['users.create', 500, '', /may have been applied/],
    ['users.get', 503, '', /try again later/],
    ['users.get', 302, '', /Redirects are not followed/],
    ['users.get', 418, '', /See https:\/\/auth0\.com\/docs\//],
  ] as const)('%s answered with %i %j', (op, status, body, message) => {
    const error = errorOf(op, status, body, grant('x'))
    expect(error.kind).toBe('api')
    expect(error.message).toMatch(message)
    for (const word of wordsOf(error.message)) expect(KNOWN_WORDS).toContain(word)
  })

  it('names the record that is missing', () => {
    const error = errorOf(
      'users.get',
      404,
      { statusCode: 404, message: 'The user does not exist.' },
      { plan: { params: { id: 'auth0|1' } } },
    )
    expect(error.message).toMatch(
      /^users\.get: Auth0 answered 404: The user does not exist\. Check "auth0\|1", and that/,
    )
  })

  it('names a raw plan by its route, without its query', () => {
    const error = errorOf('raw', 404, '', { plan: { route: 'GET /api/v2/nowhere?token=abc' } })
    expect(error.message).toMatch(/^GET \/api\/v2\/nowhere: Auth0 answered 404 with an empty body\./)
  })
})

describe('mfa_required', () => {
  const body = {
    error: 'mfa_required',
    error_description: 'Multifactor authentication required',
    mfa_token: 'Fe26.2**canary',
  }

  it.each([401, 403])('is taken with %i, and never shows its token', (status) => {
    const error = errorOf<MfaRequiredError>('authentication.token', status, body)
    expect(error).toMatchObject({ kind: 'mfa_required', name: 'MfaRequiredError', status, code: 'mfa_required' })
    expect(error.mfaToken).toBe('Fe26.2**canary')
    expect(error.message).toContain('auth0.mfa(error)')
    for (const shown of [error.message, inspect(error, { depth: null, showHidden: false }), JSON.stringify(error)]) {
      expect(shown).not.toContain('canary')
    }
  })

  it.each([
    [{ challenge: [{ type: 'otp' }, { type: 'phone' }] }, { challenge: ['otp', 'phone'] }],
    [{ challenge_types: ['otp', 'oob'] }, { challenge: ['otp', 'oob'] }],
    [{ enroll: [{ type: 'otp' }] }, { enroll: ['otp'] }],
    ['{"challenge":[]}', undefined],
    [undefined, undefined],
  ])('tells the factors of %j', (mfa_requirements, requirements) => {
    const error = errorOf<MfaRequiredError>('authentication.token', 403, { ...body, mfa_requirements })
    expect(error.requirements).toEqual(requirements)
  })

  it('is no MFA error without a token', () => {
    expect(errorOf('authentication.token', 403, { error: 'mfa_required' }).kind).toBe('api')
  })
})

describe('403 with insufficient_scope', () => {
  const refused = (message: string): ScopeError =>
    errorOf('users.get', 403, { statusCode: 403, error: 'Forbidden', message, errorCode: 'insufficient_scope' })

  it.each([
    ['Insufficient scope, expected any of: read:users,read:roles', 'read:users or read:roles'],
    ['Insufficient scope; expected any of: read:users; read:roles.', 'read:users or read:roles'],
    ['Insufficient scope, expected all of: read:users, read:roles', 'read:users and read:roles'],
  ])('%s', (message, shown) => {
    const error = refused(message)
    expect(error).toMatchObject({ kind: 'scope', status: 403, attempts: 2, expected: ['read:users', 'read:roles'] })
    expect(error.message).toContain(`Grant the application ${shown} on the Management API`)
    expect(error.message).toContain('https://auth0.com/docs/api/management/v2/users/')
  })

  it('takes the scopes of the row where the server names none', () => {
    expect(refused('Insufficient scope.').expected).toEqual(rowOf(planOf({ op: 'users.get' })).scopes)
  })
})

describe('429', () => {
  const tooMany = {
    statusCode: 429,
    error: 'Too Many Requests',
    message: 'Global limit has been reached',
    errorCode: 'too_many_requests',
  }

  it('is a rate limit, and says when to come back', () => {
    const reset = String(now / 1000 + 4)
    const headers = { 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }
    const error = errorOf<RateLimitError>('users.get', 429, tooMany, { headers })
    expect(error).toMatchObject({
      kind: 'rate_limit',
      retryAt: now + 4000,
      rateLimit: { limit: 2, remaining: 0, resetAt: now + 4000 },
    })
    expect(error.message).toContain('after 2026-11-24T09:01:04Z')
    expect(
      errorOf<RateLimitError>('users.get', 429, tooMany, { headers: { ...headers, 'retry-after': '9' } }).retryAt,
    ).toBe(now + 9000)
    expect(errorOf<RateLimitError>('users.get', 429, '').retryAt).toBeUndefined()
  })

  it('is a quota where a window is used up', () => {
    const headers = {
      'auth0-client-quota-limit': 'b=per_hour;q=10;r=0;t=3540,b=per_day;q=50;r=40;t=43200',
      'retry-after': '3540',
    }
    const body = { error: 'too_many_requests', error_description: 'Client quota exceeded' }
    const error = errorOf<QuotaExceededError>('authentication.token', 429, body, { headers })
    expect(error).toMatchObject({ kind: 'quota_exceeded', retryAt: now + 3_540_000 })
    expect(error.quotas).toHaveLength(2)
    expect(error.message).toMatch(/The quota per_hour of 10 is used up\. It is filled again after 2026-11-24T10:00:00Z/)
  })

  it('is a quota by its text, where the header is missing', () => {
    const body = { error: 'too_many_requests', error_description: 'Organization quota exceeded' }
    expect(errorOf('authentication.token', 429, body)).toMatchObject({ kind: 'quota_exceeded', quotas: [] })
  })

  it.each(['too_many_attempts', 'slow_down', 'authorization_pending'])('is no rate limit with %s', (error) => {
    expect(errorOf('authentication.token', 429, { error, error_description: 'x' })).toMatchObject({
      kind: 'api',
      code: error,
    })
  })
})
