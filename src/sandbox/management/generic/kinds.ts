import type { Json, JsonObject } from '../../../plan/index.ts'
import type { ManagementCall } from '../../contract.ts'
import { newId, newUuid } from '../records.ts'
import type { Kind } from './kind.ts'
import * as rules from './rules.ts'

const digits = '0123456789'
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

const prefixed =
  (prefix: string, length = 16, alphabet?: string) =>
  (call: ManagementCall): string =>
    alphabet === undefined ? newId(call.tenant, prefix, length) : prefix + call.tenant.random.text(length, alphabet)

const uuid = (call: ManagementCall): string => newUuid(call.tenant)

/** What a phone template says until it is written. */
export const PHONE_CONTENT = {
  syntax: 'liquid',
  body: { text: '{{ code }} is your verification code.', voice: 'Your verification code is {{ code }}.' },
}

const THEME_VERBS: Readonly<Record<string, string>> = { DELETE: 'deleting', PATCH: 'updating' }

const kinds: Readonly<Record<string, Kind>> = {
  '/branding/phone/providers': {
    absent: 'Notification Resource not found',
    key: 'id',
    makeId: prefixed('pro_', 22),
    starts: rules.ofTenant({ channel: 'phone', disabled: false }),
    timestamps: true,
    strictDelete: true,
    hidden: ['credentials'],
  },
  '/branding/phone/templates': {
    absent: 'Notification Resource not found',
    key: 'id',
    makeId: prefixed('tem_', 22),
    starts: rules.ofTenant({ channel: 'phone', type: 'otp_verify', disabled: false, content: PHONE_CONTENT }),
    timestamps: true,
    unique: ['type'],
    strictDelete: true,
    makes: rules.phoneTemplate,
  },
  '/branding/themes': {
    absent: (_id, method) =>
      `There was an error ${THEME_VERBS[method] ?? 'retrieving'} branding settings: invalid theme ID`,
    key: 'themeId',
    makeId: prefixed('', 32),
    timestamps: false,
    missing: 'theme_not_found',
    strictDelete: true,
  },
  '/connection-profiles': {
    key: 'id',
    makeId: prefixed('cop_', 22),
    starts: { connection_config: null, strategy_overrides: null },
    timestamps: false,
  },
  '/connections/scim-configuration/tokens': { key: 'token_id', makeId: prefixed('tok_'), timestamps: false },
  '/device-credentials': {
    key: 'id',
    makeId: prefixed('dcr_'),
    timestamps: false,
    hidden: ['value'],
    refers: { client_id: 'clients' },
    makes: rules.deviceCredential,
  },
  '/email-templates': {
    absent: 'The template does not exist.',
    key: 'template',
    timestamps: false,
    unique: ['template'],
    missing: 'inexistent_email_template',
  },
  '/event-streams': {
    key: 'id',
    makeId: prefixed('est_', 22),
    idFormat: { name: 'event-stream-id', pattern: /^est_[A-Za-z0-9]{16,22}$/ },
    starts: { status: 'enabled' },
    timestamps: true,
    unique: ['name'],
    makes: rules.eventStream,
    shows: rules.shownEventStream,
  },
  '/experimentation/experiments': {
    key: 'id',
    makeId: prefixed('exp_', 22, base58),
    starts: { status: 'draft', is_valid: true },
    timestamps: true,
    refers: {
      feature_flag_id: '/api/v2/experimentation/feature-flags',
      'allocations.segment_id': '/api/v2/experimentation/segments',
    },
  },
  '/experimentation/feature-flags': {
    key: 'id',
    makeId: prefixed('flg_', 22, base58),
    starts: { status: 'draft', type: 'self' },
    timestamps: true,
  },
  '/experimentation/feature-flags/variations': {
    key: 'id',
    makeId: prefixed('var_', 22, base58),
    starts: (call) => ({ feature_flag_id: call.params['id'] ?? '', overrides: {} }),
    timestamps: true,
  },
  '/experimentation/segments': {
    key: 'id',
    makeId: prefixed('seg_', 22, base58),
    starts: { type: 'self', rules: [] },
    timestamps: true,
  },
  '/flows': {
    absent: 'Flow not found',
    key: 'id',
    makeId: prefixed('af_', 22),
    timestamps: true,
    strictDelete: true,
    lists: ['id', 'name', 'description', 'synchronous', 'created_at', 'updated_at', 'executed_at'],
  },
  '/flows/vault/connections': {
    absent: 'Connection not found',
    key: 'id',
    makeId: prefixed('ac_', 22),
    timestamps: true,
    strictDelete: true,
    hidden: ['setup'],
    makes: rules.vaultConnection,
    lists: ['id', 'app_id', 'name', 'account_name', 'ready', 'created_at', 'updated_at', 'fingerprint'],
  },
  '/forms': {
    key: 'id',
    makeId: prefixed('ap_', 22),
    timestamps: true,
    strictDelete: true,
    makes: rules.form,
    absent: 'Form not found',
  },
  '/hooks': {
    absent: 'Error: Hook does not exist',
    key: 'id',
    makeId: prefixed('01', 24, crockford),
    starts: { enabled: false, dependencies: {} },
    timestamps: false,
    unique: ['name'],
    missing: 'HookDoesNotExist',
    strictDelete: true,
  },
  '/keys/encryption': {
    key: 'kid',
    makeId: uuid,
    starts: { state: 'pre-activation', parent_kid: null, public_key: null },
    timestamps: true,
  },
  '/agents': {
    key: 'agent_id',
    makeId: prefixed('agt_', 22),
    starts: { metadata: {} },
    timestamps: true,
    hidden: ['client_id'],
    refers: { client_id: 'clients' },
  },
  '/keys/network-acls': {
    key: 'id',
    makeId: prefixed('nak_', 22),
    timestamps: true,
    hidden: ['value'],
    unique: ['name'],
    makes: rules.networkAclKey,
  },
  '/log-streams': {
    absent: 'The log stream does not exist.',
    key: 'id',
    makeId: prefixed('lst_', 16, digits),
    starts: { status: 'active', isPriority: false },
    timestamps: false,
    makes: rules.logStream,
    shows: rules.shownLogStream,
  },
  '/rate-limit-policies': {
    key: 'id',
    makeId: prefixed('rlp_'),
    timestamps: true,
    unique: ['resource', 'consumer', 'consumer_selector'],
    strictDelete: true,
  },
  '/rules': {
    key: 'id',
    makeId: prefixed('rul_'),
    starts: { enabled: true, stage: 'login_success' },
    timestamps: false,
    unique: ['name'],
    missing: 'inexistent_rule',
    makes: rules.rule,
  },
  '/rules-configs': { key: 'key', timestamps: false, lists: ['key'] },
  '/self-service-profiles': {
    absent: (id) => `Profile with ID: ${id} not found`,
    key: 'id',
    makeId: prefixed('ssp_', 22),
    starts: { user_attributes: [] },
    timestamps: true,
    unique: ['name'],
    refers: { user_attribute_profile_id: '/api/v2/user-attribute-profiles' },
  },
  '/token-exchange-profiles': {
    absent: 'Token exchange profile not found.',
    key: 'id',
    makeId: prefixed('tep_'),
    timestamps: true,
    unique: ['subject_token_type'],
    refers: { action_id: '/api/v2/actions/actions' },
  },
  '/user-attribute-profiles': {
    absent: 'User attribute profile not found.',
    key: 'id',
    makeId: prefixed('uap_', 22),
    timestamps: false,
    unique: ['name'],
    makes: rules.userAttributeProfile,
  },
  '/verifiable-credentials/verification/templates': { key: 'id', makeId: prefixed('vct_'), timestamps: true },
}

const usual: Kind = { key: 'id', makeId: uuid, timestamps: true }

/** Members that records of a list show empty until they are set: what was read can be written back. */
export function emptyMembers(template: string): JsonObject {
  const { starts } = kindOf(template.replace(/\/\{[^}]+\}$/, ''))
  if (starts === undefined || typeof starts === 'function') return {}
  const empty = (value: Json): boolean => value === null || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(starts).filter(([, value]) => empty(value)))
}

/** The kind of the records under a list's path template; nested lists are found without their parameters. */
export function kindOf(template: string): Kind {
  const plain = template.replace('/api/v2', '').replace(/\/\{[^}]+\}/g, '')
  return kinds[plain] ?? usual
}
