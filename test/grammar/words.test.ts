import { describe, expect, it } from 'vitest'
import { grammar, type OobChallenge, type PushEnrollment } from '../../src/grammar/index.ts'
import type { Bind, ListPlan, Plan, PlanData, Runner, SecretValues } from '../../src/plan/index.ts'
import { MfaRequiredError, ValidationError } from '../../src/plan/index.ts'

interface Bound extends Plan<unknown> {
  readonly secrets: SecretValues
}

const bindOne = (data: PlanData, secrets: SecretValues = {}, words: object = {}) =>
  Object.assign({ data, secrets }, words) as unknown as Bound
const bind = Object.assign(bindOne, {
  list: bindOne as unknown as (data: PlanData) => ListPlan<unknown>,
}) as unknown as Bind
const runner: Runner = {
  bind,
  now: () => 0,
  flow: (name, steps) => ({ name, explain: () => ({ name, steps: steps() }) }) as never,
}
const auth0 = grammar(bind, {
  runner,
  flows: {
    everyUser: (query, options) => ({ name: 'every', query, options }) as never,
    exportUsers: (query, options) => ({ name: 'export', query, options }) as never,
    importUsers: (users, options) => ({ name: 'import', users, options }) as never,
    jobFinished: (id, look) => ({ name: `finished ${id}`, look: look.data }) as never,
    interactive: (login) => ({ name: 'interactive', login: login.data }) as never,
    inspect: () => ({}) as never,
    keepRest: () => ({}) as never,
    whenBuilt: () => ({}) as never,
  },
  links: { domain: () => 'tenant.example', clientId: () => 'session-client' },
})
const of = (plan: unknown) => {
  const { data, secrets } = plan as Bound
  return { ...data, secrets }
}

const realm = 'Username-Password-Authentication'
const slot = (name: string) => ({ $secret: name })

const documented: readonly (readonly [string, () => unknown, object])[] = [
  [
    'client credentials',
    () => auth0.login.clientCredentials({ audience: 'https://api.example.com/' }),
    {
      v: 1,
      op: 'authentication.token',
      body: { grant_type: 'client_credentials', audience: 'https://api.example.com/' },
      secrets: {},
    },
  ],
  [
    'client credentials without an audience ask for the session’s',
    () => auth0.login.clientCredentials(),
    {
      v: 1,
      op: 'authentication.token',
      body: { grant_type: 'client_credentials', audience: '{audience}' },
      secrets: {},
    },
  ],
  [
    'another application',
    () => auth0.login.clientCredentials({ clientId: 'other', clientSecret: 'canary-secret' }),
    {
      v: 1,
      op: 'authentication.token',
      body: { grant_type: 'client_credentials', audience: '{audience}' },
      client: { clientId: 'other', clientSecret: slot('client_secret') },
      secrets: { client_secret: 'canary-secret' },
    },
  ],
  [
    'password grant',
    () => auth0.login.password({ username: 'user@example.com', password: 'canary-password', scope: 'openid' }),
    {
      v: 1,
      op: 'authentication.token',
      body: { grant_type: 'password', username: 'user@example.com', password: slot('password'), scope: 'openid' },
      secrets: { password: 'canary-password' },
    },
  ],
  [
    'a realm chooses the password-realm grant',
    () => auth0.login.password({ username: 'u', password: 'canary-password', realm, audience: 'mfa' }),
    {
      v: 1,
      op: 'authentication.token',
      body: {
        grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
        username: 'u',
        password: slot('password'),
        realm,
        audience: 'https://{domain}/mfa/',
      },
      secrets: { password: 'canary-password' },
    },
  ],
  [
    'enrol by SMS',
    () => auth0.mfa('canary-mfa').enroll.sms('+15550100'),
    {
      v: 1,
      op: 'authentication.mfa.associate',
      body: { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+15550100' },
      bearer: slot('mfa_token'),
      secrets: { mfa_token: 'canary-mfa' },
    },
  ],
  [
    'enrol an authenticator app',
    () => auth0.mfa('canary-mfa').enroll.otp(),
    {
      v: 1,
      op: 'authentication.mfa.associate',
      body: { authenticator_types: ['otp'] },
      bearer: slot('mfa_token'),
      secrets: { mfa_token: 'canary-mfa' },
    },
  ],
  [
    'enrol push',
    () => auth0.mfa('canary-mfa').enroll.push(),
    {
      v: 1,
      op: 'authentication.mfa.associate',
      body: { authenticator_types: ['oob'], oob_channels: ['auth0'] },
      bearer: slot('mfa_token'),
      secrets: { mfa_token: 'canary-mfa' },
    },
  ],
  [
    'verify by OOB',
    () => auth0.mfa('canary-mfa').verify.oob({ oobCode: 'canary-oob', bindingCode: '123456' }),
    {
      v: 1,
      op: 'authentication.token',
      body: {
        grant_type: 'http://auth0.com/oauth/grant-type/mfa-oob',
        mfa_token: slot('mfa_token'),
        oob_code: slot('oob_code'),
        binding_code: slot('binding_code'),
      },
      secrets: { mfa_token: 'canary-mfa', oob_code: 'canary-oob', binding_code: '123456' },
    },
  ],
  [
    'push is polled',
    () =>
      auth0.mfa('canary-mfa').verify.oob({
        authenticator_type: 'oob',
        oob_channel: 'auth0',
        oob_code: 'canary-oob',
        barcode_uri: 'otpauth://',
      } as PushEnrollment),
    {
      v: 1,
      op: 'authentication.token',
      body: {
        grant_type: 'http://auth0.com/oauth/grant-type/mfa-oob',
        mfa_token: slot('mfa_token'),
        oob_code: slot('oob_code'),
      },
      repeat: { kind: 'poll', every: 5000, until: 'grant' },
      secrets: { mfa_token: 'canary-mfa', oob_code: 'canary-oob' },
    },
  ],
  [
    'verify by OTP',
    () => auth0.mfa('canary-mfa').verify.otp('123456'),
    {
      v: 1,
      op: 'authentication.token',
      body: { grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp', mfa_token: slot('mfa_token'), otp: slot('otp') },
      secrets: { mfa_token: 'canary-mfa', otp: '123456' },
    },
  ],
  [
    'verify by recovery code',
    () => auth0.mfa('canary-mfa').verify.recoveryCode('CANARYCODE'),
    {
      v: 1,
      op: 'authentication.token',
      body: {
        grant_type: 'http://auth0.com/oauth/grant-type/mfa-recovery-code',
        mfa_token: slot('mfa_token'),
        recovery_code: slot('recovery_code'),
      },
      secrets: { mfa_token: 'canary-mfa', recovery_code: 'CANARYCODE' },
    },
  ],
  [
    'challenge an authenticator',
    () => auth0.mfa('canary-mfa').challenge.oob('sms|dev_1'),
    {
      v: 1,
      op: 'authentication.mfa.challenge',
      body: { mfa_token: slot('mfa_token'), challenge_type: 'oob', authenticator_id: 'sms|dev_1' },
      secrets: { mfa_token: 'canary-mfa' },
    },
  ],
  [
    'list authenticators',
    () => auth0.mfa('canary-mfa').authenticators.list(),
    {
      v: 1,
      op: 'authentication.mfa.authenticators.list',
      bearer: slot('mfa_token'),
      secrets: { mfa_token: 'canary-mfa' },
    },
  ],
  [
    'delete an authenticator',
    () => auth0.mfa('canary.access.token').authenticators('sms|dev_1').delete(),
    {
      v: 1,
      op: 'authentication.mfa.authenticators.delete',
      params: { id: 'sms|dev_1' },
      bearer: slot('mfa_token'),
      secrets: { mfa_token: 'canary.access.token' },
    },
  ],
  [
    'quotas of the tenant are one request',
    () => auth0.tenant().quotas().clients({ perDay: 200, perHour: 100, enforce: true }).organizations({ perDay: 200 }),
    {
      v: 1,
      op: 'tenants.settings.update',
      body: {
        default_token_quota: {
          clients: { client_credentials: { per_day: 200, per_hour: 100, enforce: true } },
          organizations: { client_credentials: { per_day: 200 } },
        },
      },
      secrets: {},
    },
  ],
  [
    'quota of a client',
    () => auth0.clients('client_1').quota({ perDay: 200 }),
    {
      v: 1,
      op: 'clients.update',
      params: { id: 'client_1' },
      body: { token_quota: { client_credentials: { per_day: 200 } } },
      secrets: {},
    },
  ],
  [
    'quota of an organization, cleared',
    () => auth0.organizations('org_1').quota(null),
    { v: 1, op: 'organizations.update', params: { id: 'org_1' }, body: { token_quota: null }, secrets: {} },
  ],
  [
    'network ACL, word by word',
    () =>
      auth0.networkAcls
        .rule()
        .block()
        .matching({ geo_country_codes: ['US'] })
        .countries('IMG')
        .notMatching({ geo_country_codes: ['CA'] })
        .scope('management')
        .priority(1)
        .active(false)
        .describe('Text')
        .set('acl_1'),
    {
      v: 1,
      op: 'networkAcls.set',
      params: { id: 'acl_1' },
      body: {
        priority: 1,
        active: false,
        description: 'Text',
        rule: {
          action: { block: true },
          match: { geo_country_codes: ['US', 'IMG'] },
          not_match: { geo_country_codes: ['CA'] },
          scope: 'management',
        },
      },
      secrets: {},
    },
  ],
  [
    'an update of a network ACL sends only what was named',
    () => auth0.networkAcls.rule().active(false).update('acl_1'),
    { v: 1, op: 'networkAcls.update', params: { id: 'acl_1' }, body: { active: false }, secrets: {} },
  ],
]

describe('words of the grammar', () => {
  it.each(documented)('%s', (_name, say, expected) => {
    expect(of(say())).toEqual(expected)
  })

  it('keeps what a chain was before a further word', () => {
    const clients = auth0.tenant().quotas().clients({ perDay: 1 })
    clients.organizations({ perDay: 2 })
    expect(clients.data.body).toEqual({ default_token_quota: { clients: { client_credentials: { per_day: 1 } } } })
    const block = auth0.networkAcls.rule().block().scope('tenant').describe('x')
    block.countries('IMG')
    expect(block.toRule()).toEqual({ action: { block: true }, scope: 'tenant' })
  })

  it('takes the mfa token out of the error of a login', () => {
    const error = new MfaRequiredError('More is needed.', { status: 403, serverMessage: '', mfaToken: 'canary-mfa' })
    expect(of(auth0.mfa(error).verify.otp('123456')).secrets.mfa_token).toBe('canary-mfa')
  })

  it('builds addresses without sending', () => {
    expect(auth0.authorize.url({ redirectUri: 'https://app.example/cb', scope: 'openid', state: 's' })).toBe(
      'https://tenant.example/authorize?client_id=session-client&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&response_type=code&scope=openid&state=s',
    )
    expect(auth0.logout.url({ returnTo: 'https://app.example/' })).toBe(
      'https://tenant.example/v2/logout?client_id=session-client&returnTo=https%3A%2F%2Fapp.example%2F',
    )
  })
})

const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['a foreign error', () => auth0.mfa(new Error('disk full')), /disk full.*carries no mfa token/],
  ['a phone number without country code', () => auth0.mfa('t').enroll.sms('0170 1234'), /E\.164/],
  [
    'deleting with an mfa token',
    () => auth0.mfa('Fe26.2opaque').authenticators('sms|dev_1').delete(),
    /audience: 'mfa'/,
  ],
  [
    'a prompt without a code',
    () => auth0.mfa('t').verify.oob({ challenge_type: 'oob', oob_code: 'o', binding_method: 'prompt' } as OobChallenge),
    /needs the code that the user received/,
  ],
  [
    'wire names in a quota',
    () =>
      auth0
        .tenant()
        .quotas()
        .clients({ per_day: 1 } as never),
    /Did you mean "perDay"\?/,
  ],
  ['an empty quota', () => auth0.clients('c').quota({}), /empty quota/],
  ['a quota of nothing', () => auth0.clients('c').quota({ perDay: 0 }), /whole number of tokens from 1/],
  [
    'an unknown option',
    () => auth0.login.password({ user_name: 'x' } as never),
    /does not know "user_name".*Did you mean "username"/,
  ],
  ['a login without a password', () => auth0.login.password({ username: 'x' } as never), /needs "password"/],
  [
    'a credential without its client',
    () => auth0.login.clientCredentials({ clientSecret: 's' }),
    /clientId it belongs to/,
  ],
  ['a rule without an action', () => auth0.networkAcls.rule().scope('tenant').describe('x').create(), /has no action/],
  ['a rule without a scope', () => auth0.networkAcls.rule().block().describe('x').create(), /has no scope/],
  [
    'a rule without a description',
    () => auth0.networkAcls.rule().block().scope('tenant').create(),
    /needs a description/,
  ],
  [
    'both ways to the user',
    () => auth0.login.passwordless({ email: 'a@example.com', phoneNumber: '+1555', code: '1' }),
    /either "email" or/,
  ],
]

describe('words refuse, and say the next step', () => {
  it.each(refused)('%s', (_name, say, message) => {
    expect(say).toThrow(ValidationError)
    expect(say).toThrow(message)
  })

  it('names no secret in any message', () => {
    for (const [, say] of refused) {
      try {
        say()
      } catch (error) {
        expect(String(error)).not.toContain('canary')
      }
    }
  })
})
