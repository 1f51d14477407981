import { row } from '../../src/catalogue/index.ts'
import type { SessionView } from '../../src/display/index.ts'
import type { LimitsView } from '../../src/display/looks/index.ts'
import type { Diff, Explanation, FlowExplanation, PlanEvent } from '../../src/plan/index.ts'
import { planData } from '../../src/plan/index.ts'

/** Texts that must never be printed. */
export const CANARY = 'canary-5e1f-value'

export const explanation: Explanation = {
  route: 'PATCH /api/v2/tenants/settings',
  url: 'https://demo.tenantlab.local/api/v2/tenants/settings',
  operation: 'tenants.settings.update',
  effect: 'write',
  scopes: ['update:tenant_settings'],
  allScopes: false,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${CANARY}` },
  body: { default_token_quota: { clients: { client_credentials: { per_day: 200, enforce: true } } } },
  customDomain: { verdict: 'none', reason: 'no custom domain was chosen' },
  retry: 'idempotent',
  rateKey: 'management',
  warnings: ['default_token_quota is replaced whole: a level that the body leaves out of it is cleared.'],
  documentation: 'https://auth0.com/docs/api/management/v2/tenants/patch-settings',
}

export const plan = planData({ op: 'clients.get', params: { id: 'app_1' }, query: { fields: 'name' } })

export const flow: FlowExplanation = {
  name: 'diff of tenants.settings.update',
  steps: [
    { purpose: 'Read the present settings', plan: planData({ op: 'tenants.settings.get' }) },
    { purpose: 'Compare them with what the write would leave' },
  ],
}

export const diff: Diff = {
  kind: 'known',
  before: { name: 'old', client_secret: CANARY, tags: ['a'] },
  after: { name: 'new', client_secret: CANARY, color: 'red' },
  changes: [
    { kind: 'changed', path: 'name', before: 'old', after: 'new' },
    { kind: 'removed', path: 'tags', before: ['a'] },
    { kind: 'added', path: 'color', after: 'red' },
    { kind: 'changed', path: 'client_secret', before: CANARY, after: `${CANARY}2` },
    { kind: 'changed', path: 'settings', before: { password: CANARY }, after: { password: null } },
  ],
}

export const events: readonly PlanEvent<unknown>[] = [
  {
    kind: 'token',
    at: 1000,
    source: 'request',
    audience: 'https://demo.tenantlab.local/api/v2/',
    expiresAt: 86_401_000,
  },
  { kind: 'keys', at: 1001, source: 'cache', url: 'https://demo.tenantlab.local/.well-known/jwks.json' },
  { kind: 'wait', at: 1002, reason: 'slot', ms: 120, rateKey: 'management' },
  { kind: 'attempt', at: 1122, attempt: 1, method: 'GET', url: 'https://demo.tenantlab.local/api/v2/users' },
  { kind: 'response', at: 1160, attempt: 1, status: 503, ms: 38 },
  { kind: 'retry', at: 1161, attempt: 1, reason: 'status 503', delay: 250 },
  {
    kind: 'response',
    at: 1460,
    attempt: 2,
    status: 200,
    ms: 30,
    rateLimit: { limit: 10, remaining: 9, resetAt: 2000 },
  },
  { kind: 'page', at: 1461, page: 1, items: 50, collected: 50, total: 120 },
  { kind: 'value', at: 1462, value: { access_token: CANARY, token_type: 'Bearer' } },
]

export const session: SessionView = {
  domain: 'demo.tenantlab.local',
  clientId: 'app_main',
  audience: 'https://demo.tenantlab.local/api/v2/',
  tokens: 'client_credentials',
  writes: 'deny',
  transport: 'undici',
  pipeline: ['retry', 'rateLimit', 'token', 'customDomain'],
  timeout: 30_000,
}

export const limits: LimitsView = {
  buckets: [
    { rateKey: 'management', limit: 10, remaining: 4, resetAt: 2000, perSecond: 10, queued: 3 },
    { rateKey: 'management.users.read' },
  ],
  quotas: {
    client: [{ bucket: 'per_hour', quota: 100, remaining: 12, resetAt: 3_600_000 }],
    organization: [],
    rateLimit: { limit: 30, remaining: 29 },
  },
}

export function user(): Record<string, unknown> {
  return {
    user_id: 'auth0|1',
    email: 'user-one@example.com',
    email_verified: true,
    identities: [{ provider: 'auth0', connection: 'Username-Password-Authentication', access_token: CANARY }],
    user_metadata: { color: 'blue', nested: { deep: [1, 2] } },
    app_metadata: {},
  }
}

/** A row that must be there, so that a test does not pass on a missing one. */
export function rowOf(id: string): NonNullable<ReturnType<typeof row>> {
  const found = row(id)
  if (found === undefined) throw new Error(`The catalogue has no operation ${id}.`)
  return found
}
