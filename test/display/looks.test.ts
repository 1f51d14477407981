import { describe, expect, it } from 'vitest'
import type { Look } from '../../src/display/index.ts'
import { showError, showEvent, showEvents, showFlow, showPlan, showSession } from '../../src/display/index.ts'
import { showDiff, showExplanation, showLimits, showOutcome, showResult } from '../../src/display/looks/index.ts'
import {
  ApiError,
  MfaRequiredError,
  QuotaExceededError,
  RateLimitError,
  ScopeError,
  ValidationError,
} from '../../src/plan/index.ts'
import * as samples from './samples.ts'

const page = Object.defineProperty(
  { items: [samples.user(), { user_id: 'auth0|2', email: 'two@example.com' }], total: 7 },
  'next',
  {
    value: {},
  },
)

const looks: Record<string, Look> = {
  plan: showPlan(samples.explanation, { hash: 'sha256-abc' }),
  'unbound plan': showPlan(samples.explanation, { bound: false }),
  explanation: showExplanation(samples.explanation),
  flow: showFlow(samples.flow),
  diff: showDiff(samples.diff),
  'unknown diff': showDiff({ kind: 'unknown', reason: 'No operation reads what this one writes.' }),
  'empty diff': showDiff({ kind: 'known', before: 1, after: 1, changes: [] }),
  event: showEvent(samples.events[3]!),
  events: showEvents(samples.events),
  session: showSession(samples.session),
  limits: showLimits(samples.limits),
  'no limits': showLimits({ buckets: [], quotas: { client: [], organization: [] } }),
  page: showResult(page, { row: samples.rowOf('users.list') }),
  list: showResult([samples.user()], { row: samples.rowOf('users.list') }),
  'list of texts': showResult(['a', 'b']),
  'empty list': showResult([]),
  record: showResult(samples.user(), { row: samples.rowOf('users.get') }),
  'no content': showResult(undefined, { row: samples.rowOf('users.delete') }),
  text: showResult('We have sent you an e-mail.', { row: samples.rowOf('authentication.database.changePassword') }),
  tokens: showResult({
    access_token: samples.CANARY,
    id_token: samples.CANARY,
    token_type: 'Bearer',
    expires_in: 86_400,
  }),
  ticket: showResult(
    { ticket: `https://a.example/t?ticket=${samples.CANARY}` },
    { row: samples.rowOf('tickets.verifyEmail') },
  ),
  'import errors': showResult(
    {
      kind: 'import',
      errors: [
        {
          user: { email: 'three@example.com', password_hash: samples.CANARY },
          errors: [{ code: 'INVALID_FORMAT', message: 'Object didn’t pass validation', path: 'email' }],
        },
      ],
    },
    { row: samples.rowOf('jobs.errors.get') },
  ),
  'generic job error': showResult({ kind: 'generic', id: 'job_1', status: 'failed', status_details: 'Too large' }),
  'no job errors': showResult({ kind: 'none' }),
  'api error': showError(
    new ApiError('Auth0 refused the request: the client is unknown. Check the id and run the plan again.', {
      status: 404,
      code: 'inexistent_client',
      serverMessage: 'The client does not exist',
      attempts: 1,
      requestId: 'req_1',
      plan: samples.plan,
      body: { client_secret: samples.CANARY },
    }),
  ),
  'rate limit error': showError(
    new RateLimitError('The tenant asks to wait. Run the plan again later.', {
      status: 429,
      serverMessage: 'Global limit has been reached',
      rateLimit: { limit: 10, remaining: 0, resetAt: 60_000 },
      retryAt: 60_000,
      attempts: 3,
    }),
  ),
  'quota error': showError(
    new QuotaExceededError('The token quota is used up. Wait for the next window.', {
      status: 429,
      serverMessage: 'quota',
      quotas: [],
      retryAt: 3_600_000,
    }),
  ),
  'scope error': showError(
    new ScopeError('The token lacks a scope. Grant it and run the plan again.', {
      expected: ['read:users'],
      granted: ['read:clients'],
    }),
  ),
  'validation error': showError(
    new ValidationError('The body breaks a rule.', {
      issues: [{ path: 'per_dy', rule: 'is not known', suggestion: 'per_day' }],
    }),
  ),
  'mfa error': showError(
    new MfaRequiredError('A second factor is needed. Pass this error to auth0.mfa(error).', {
      status: 403,
      code: 'mfa_required',
      serverMessage: 'Multifactor authentication required',
      mfaToken: samples.CANARY,
      body: { mfa_token: samples.CANARY },
    }),
  ),
  'foreign error': showError(new TypeError('fetch failed')),
  'ok outcome': showOutcome({ status: 'ok', value: { a: 1 } }, showResult({ a: 1 })),
}

describe('looks', () => {
  for (const [name, look] of Object.entries(looks)) {
    it(`draws: ${name}`, () => {
      expect(look.text({ columns: 100 })).toMatchSnapshot('text')
      expect(look.html()).toMatchSnapshot('html')
      expect(look.json()).toMatchSnapshot('json')
    })
  }

  it('keeps every secret out of every form', () => {
    for (const [name, look] of Object.entries(looks)) {
      const all = [
        look.text({ columns: 400 }),
        look.html(),
        JSON.stringify(look.json()),
        look.line(),
        JSON.stringify(look.bundle()),
      ]
      expect(all.join('\n'), name).not.toContain(samples.CANARY)
    }
  })

  it('never draws wider than the terminal', () => {
    for (const columns of [20, 40, 80, 200]) {
      for (const [name, look] of Object.entries(looks)) {
        for (const line of look.text({ columns }).split('\n'))
          expect(line.length, `${name}: ${line}`).toBeLessThanOrEqual(columns)
      }
    }
  })

  it('colours only when asked', () => {
    const look = looks.plan!
    expect(look.text({ colours: true })).toContain('\u001b[')
    expect(look.text()).not.toContain('\u001b[')
    const { stripVTControlCharacters } = process.getBuiltinModule('node:util')
    expect(stripVTControlCharacters(look.text({ colours: true, columns: 90 }))).toBe(look.text({ columns: 90 }))
  })

  it('says that nothing was sent, and what sends it', () => {
    expect(looks.plan!.text()).toContain('Nothing has been sent; .run() sends it.')
    expect(looks['unbound plan']!.text()).toContain('auth0.run(plan)')
  })

  it('draws at most 50 rows and says what is left', () => {
    const many = Array.from({ length: 120 }, (_, index) => ({ id: `r_${index}` }))
    const look = showResult(many)
    expect(look.html().split('<tr>').length - 1).toBe(51)
    expect(look.text()).toContain('70 more are not drawn')
  })
})
