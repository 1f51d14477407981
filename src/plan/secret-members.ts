import { isCount, isPublicText, isSecretHeader, isSecretName, isSecretText } from './secret-signs.ts'

// What of a value is secret by the names of its members and of the containers around them. The walks that copy, print and
// lift secrets out of arguments ask here, so that they agree.

/** What the containers around a member say of it. */
export type Around =
  | { readonly kind: 'nothing' }
  /** A list or map of secrets: `secrets`, `custom_headers`. */
  | { readonly kind: 'secrets' }
  /** Its name is that of a secret, or a place of the catalogue says so: all in it is secret. */
  | { readonly kind: 'secret' }
  /** A record of Auth0's that has the name of a secret: these members of it are none. */
  | { readonly kind: 'record'; readonly members: ReadonlySet<string> }

/** No container says anything. */
export const PLAIN: Around = { kind: 'nothing' }
/** All that stands inside is secret. */
export const HIDDEN: Around = { kind: 'secret' }
const LISTED: Around = { kind: 'secrets' }

const record = (members: string): Around => ({ kind: 'record', members: new Set(members.split(' ')) })
const ISSUED = record(
  'id user_id created_at idle_expires_at expires_at device initial_ip initial_asn initial_user_agent last_ip last_asn ' +
    'last_user_agent client_id session_id rotating resource_servers audience scope scopes refresh_token_metadata ' +
    'last_exchanged_at default_expiry max_allowed_expiry',
)
const CREDENTIALS = record(
  'credential_type kid alg id name parse_expiry_from_cert created_at updated_at expires_at subject_dn thumbprint_sha256 ' +
    'accessKeyId region smtp_host smtp_port smtp_user domain tenantId clientId api_user public_key credentials',
)
const SWITCHES = record('enabled api_behavior signup_behavior')

/** Records of Auth0's documents by their names; a test compares them with the documents. */
const RECORDS: ReadonlyMap<string, Around> = new Map([
  ['client_credentials', record('enforce per_day per_hour')],
  ['cookie', record('mode')],
  ['session_cookie', record('mode')],
  ['credentials', CREDENTIALS],
  ['private_key_jwt', CREDENTIALS],
  ['device_credentials', record('id device_name device_id type user_id client_id')],
  ['decryptionKey', record('cert')],
  ['signing_key', record('cert')],
  ['encryption_key', record('pub cert subject name alg kid')],
  ['email_otp', SWITCHES],
  ['phone_otp', SWITCHES],
  ['password', SWITCHES],
  [
    'refresh_token',
    record(
      'rotation_type expiration_type leeway token_lifetime infinite_token_lifetime idle_token_lifetime ' +
        'infinite_idle_token_lifetime policies',
    ),
  ],
  ['refresh_tokens', ISSUED],
  ['tokens', ISSUED],
  ['required_secrets', record('type name required optional label description placeholder options')],
  ['security_code', record('label placeholder')],
  ['subject_type_authorization', record('user client anonymous_user')],
  ['webhook_authorization', record('method username header_key')],
])

/** Names of lists and maps whose values are secrets: a custom header is there to carry a credential. */
const SECRETS = /^(secrets|\w*custom_?headers|bare_?configuration)$/i
const NONE: readonly string[] = []

/**
 * What a container says of its members.
 *
 * @param key Its key in `holder`.
 * @param holder The object or list that holds it.
 * @param above What the containers around it say.
 * @param open Names that hold no secret here, although elsewhere they do.
 */
export function aroundIn(key: string, holder: object, above: Around, open: readonly string[] = NONE): Around {
  if (above.kind === 'secret') return HIDDEN
  // A list says of its members what its own name says.
  if (Array.isArray(holder)) return above
  if (SECRETS.test(key)) return LISTED
  if (key === 'value' ? isGivenToSecret(holder, above) : above.kind === 'secrets' && isNameless(holder)) return HIDDEN
  if (above.kind === 'record' && !above.members.has(key)) return HIDDEN
  if (open.includes(key) || !isSecretName(key)) return PLAIN
  return RECORDS.get(key) ?? HIDDEN
}

/**
 * True for a text or number that its own name, the name beside it, the containers around it or its shape calls secret.
 *
 * @param holder The object or list that holds it.
 * @param around What the containers around it say.
 * @param open Names that hold no secret here, although elsewhere they do.
 */
export function isSecretMember(
  value: string | number,
  key: string,
  holder: object,
  around: Around,
  open: readonly string[] = NONE,
): boolean {
  if (typeof value === 'string' && isSecretText(value)) return true
  const among = (around.kind !== 'nothing' || key === 'value') && isSecretAmong(key, holder, around)
  const named = !among && isSecretName(key) && !open.includes(key)
  if (typeof value === 'number') return among || (named && !isCount(key))
  return (among || named) && !isPublicText(value)
}

/** Whether what stands around a member calls it secret, whatever its own name. */
function isSecretAmong(key: string, holder: object, around: Around): boolean {
  if (key === 'value' && isGivenToSecret(holder, around)) return true
  switch (around.kind) {
    case 'nothing':
      return false
    case 'secret':
      return true
    // What stands bare in a list of credentials is one.
    case 'record':
      return Array.isArray(holder) || !around.members.has(key)
    default:
      return Array.isArray(holder) || (key !== 'value' && isNameless(holder))
  }
}

/** Whether a `value` belongs to a secret: `{ name: 'DB_PASSWORD', value: '…' }`, and all in a list of secrets. */
function isGivenToSecret(holder: object, around: Around): boolean {
  if (around.kind === 'secrets') return true
  const { name, header, key } = holder as { name?: unknown; header?: unknown; key?: unknown }
  return [name, header, key].some((each) => typeof each === 'string' && isSecretHeader(each))
}

/** A map from names to secrets, such as `secrets: { API_URL: '…' }`: a record has members that say which it is. */
function isNameless(holder: object): boolean {
  return !Array.isArray(holder) && !('name' in holder) && !('value' in holder)
}
