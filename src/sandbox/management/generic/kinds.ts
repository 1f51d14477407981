import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall } from '../../contract.ts'
import { newId, newUuid } from '../records.ts'

const digits = '0123456789'
const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** What is special about the records of one list. */
export interface Kind {
  /** Key that identifies a record. */
  readonly key: string
  /** A new id; absent where the body brings it. */
  readonly makeId?: (call: ManagementCall) => string
  /** Fields that a new record starts with beside its body. */
  readonly starts?: JsonObject
  readonly timestamps: boolean
  /** Fields that must not be the same in two records; a second one is a 409. */
  readonly unique?: readonly string[]
  /** Whether deleting an unknown id is a 404. */
  readonly strictDelete?: boolean
  /** `errorCode` of a missing record. */
  readonly missing?: string
}

const prefixed =
  (prefix: string, length = 16, alphabet?: string) =>
  (call: ManagementCall): string =>
    alphabet === undefined ? newId(call.tenant, prefix, length) : prefix + call.tenant.random.text(length, alphabet)

const uuid = (call: ManagementCall): string => newUuid(call.tenant)

const kinds: Readonly<Record<string, Kind>> = {
  '/actions/actions': {
    key: 'id',
    makeId: uuid,
    starts: {
      status: 'built',
      all_changes_deployed: false,
      installed_integration_id: null,
      runtime: 'node22',
      secrets: [],
      dependencies: [],
    },
    timestamps: true,
    unique: ['name'],
    missing: 'inexistent_action',
  },
  '/actions/modules': {
    key: 'id',
    makeId: uuid,
    starts: { all_changes_published: false, actions_using_module_total: 0 },
    timestamps: true,
    unique: ['name'],
  },
  '/branding/phone/providers': {
    key: 'id',
    makeId: prefixed('pro_', 22),
    starts: { channel: 'phone', disabled: false },
    timestamps: true,
  },
  '/branding/phone/templates': {
    key: 'id',
    makeId: prefixed('tem_', 22),
    starts: { channel: 'phone', customizable: true, disabled: false },
    timestamps: false,
    unique: ['type'],
  },
  '/branding/themes': { key: 'themeId', makeId: prefixed('', 32), timestamps: false, missing: 'theme_not_found' },
  '/connection-profiles': { key: 'id', makeId: prefixed('cop_'), timestamps: false },
  '/connections/scim-configuration/tokens': { key: 'token_id', makeId: prefixed('tok_'), timestamps: true },
  '/device-credentials': { key: 'id', makeId: prefixed('dcr_'), timestamps: false },
  '/email-templates': {
    key: 'template',
    timestamps: false,
    unique: ['template'],
    missing: 'inexistent_email_template',
  },
  '/event-streams': {
    key: 'id',
    makeId: prefixed('est_'),
    starts: { status: 'enabled' },
    timestamps: true,
    unique: ['name'],
  },
  '/experimentation/experiments': {
    key: 'id',
    makeId: prefixed('exp_', 22, base58),
    starts: { status: 'draft', is_valid: true },
    timestamps: true,
  },
  '/experimentation/feature-flags': {
    key: 'id',
    makeId: prefixed('flg_', 22, base58),
    starts: { status: 'draft' },
    timestamps: true,
  },
  '/experimentation/feature-flags/variations': { key: 'id', makeId: prefixed('var_', 22, base58), timestamps: true },
  '/experimentation/segments': { key: 'id', makeId: prefixed('seg_', 22, base58), timestamps: true },
  '/flows': { key: 'id', makeId: prefixed('af_', 22), timestamps: true, missing: 'flow_not_found' },
  '/flows/vault/connections': { key: 'id', makeId: prefixed('ac_', 22), starts: { ready: true }, timestamps: true },
  '/forms': { key: 'id', makeId: prefixed('ap_', 22), timestamps: true, missing: 'form_not_found' },
  '/hooks': {
    key: 'id',
    makeId: prefixed('hok_'),
    starts: { enabled: false, dependencies: {} },
    timestamps: false,
    unique: ['name'],
  },
  '/keys/encryption': { key: 'kid', makeId: uuid, starts: { state: 'pre-activation' }, timestamps: true },
  '/log-streams': {
    key: 'id',
    makeId: prefixed('lst_', 16, digits),
    starts: { status: 'active' },
    timestamps: false,
    strictDelete: true,
    missing: 'inexistent_log_stream',
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
  },
  '/rules-configs': { key: 'key', timestamps: false },
  '/self-service-profiles': { key: 'id', makeId: prefixed('ssp_', 22), timestamps: true, unique: ['name'] },
  '/token-exchange-profiles': { key: 'id', makeId: prefixed('tep_'), timestamps: true, unique: ['subject_token_type'] },
  '/user-attribute-profiles': { key: 'id', makeId: prefixed('uap_'), timestamps: false, unique: ['name'] },
  '/verifiable-credentials/verification/templates': { key: 'id', makeId: prefixed('vct_'), timestamps: true },
}

const usual: Kind = { key: 'id', makeId: uuid, timestamps: true }

/** The kind of the records under a list's path template; nested lists are found without their parameters. */
export function kindOf(template: string): Kind {
  const plain = template.replace('/api/v2', '').replace(/\/\{[^}]+\}/g, '')
  return kinds[plain] ?? usual
}
