// What is secret by its place, its name or its shape. The places are the catalogue's; the generator finds them with the
// one list of names, and everything that prints, stores or compares asks that list where no row knows better.

/** Last words of names that hold a secret, whatever stands before them: `dbPassword`, `splunk_token`. */
const LAST = new Set(
  `password passwords passwd passphrase passcode pwd pass secret secrets token tokens otp pin pat assertion authorization
  cookie cookies credential credentials jwt bearer apikey privatekey accesskey secretkey masterkey signingkey sharedkey
  skey apitoken authtoken accesstoken refreshtoken sastoken saskey p12 pfx pkcs12 pem dsn keytab kubeconfig keystore psk
  pins otps passphrases passcodes apikeys privatekeys secretkeys accesskeys creds cred pw bindpw bindpass mnemonic cvv cvc kek dek jwts pepper`.split(
    /\s+/,
  ),
)

/** Last two or three words of such names. */
const LAST_WORDS = new Set(
  `api_keys private_keys secret_keys access_keys master_keys shared_keys recovery_code recovery_codes otp_code oob_code binding_code device_code user_code
  verification_code auth_code authorization_code backup_code backup_codes code_verifier auth_req_id auth_session
  connection_string connection_uri connection_url database_url http_authorization basic_auth header_value barcode_uri
  saml_response authn_response webhook_url sumo_source_address auth_header proxy_auth http_auth security_answer secret_answer
  question_answer mfa_code sms_code pin_code access_code login_code unlock_code activation_code security_code time_code
  totp_code access_signature key_material key_base seed_phrase magic_link reset_link slack_webhook password_salt
  service_account_json totp_seed hotp_seed otp_seed`.split(/\s+/),
)

/** Words written as one: `clientsecret`, `dbpassword`. */
const RUN_TOGETHER =
  /^(?!(change|reset|forgot|lost|wrong|show|hide|csrf|xsrf|page|next)(password|token))([a-z]{2,}(secret|password|passwd|passphrase|apikey|accesskey|privatekey|secretkey|token)|(private|secret)keypem)$/

/** Words at the end that say in which form a secret stands: `secretValue`, `passwordHash`, `privateKeyPem`. */
const FORMS = new Set(
  `value values hash digest plain plaintext raw pem hex b64 base64 encoded encrypted hashed cleartext new old current previous
  confirmation confirm repeat again json text string file`.split(/\s+/),
)

/** Words before `password` and the like that make a name of something else: a text, a ticket, a rule. */
const NO_SECRET_BEFORE = new Set(
  'change reset forgot forgotten last lost wrong invalid missing no expired show hide require pre post'.split(' '),
)
/** Words before `key` that make a name of a key that is none to a lock. */
const NO_LOCK = new Set(
  `public site publishable primary foreign partition sort cache map object header item group row column field index lookup rate
  translation message locale i18n query unique natural composite property prop parameter param project issue image file
  path route hot short search json type attribute claim metadata mapping event log state sorting data step`.split(
    /\s+/,
  ),
)
const NO_SECRET = /^(federated_connections_access_tokens|(csrf|next|page|sync|continuation)_token)$/

/** Names that hold a secret only as a whole: in other names the word means something else. */
const WHOLE = /^(code|hash)$/

const known = new Map<string, boolean>()

/** True when a field of this name holds a secret; asked where no row of the catalogue says so. Camel and snake case. */
export function isSecretName(name: string): boolean {
  let answer = known.get(name)
  if (answer === undefined) {
    answer = judge(name)
    // Results repeat few names many times; one that invents names must not fill the memory.
    if (known.size < 5000) known.set(name, answer)
  }
  return answer
}

function judge(name: string): boolean {
  if (name.length > 200) return false
  const words = wordsOf(name)
  const whole = words.join('_')
  if (WHOLE.test(whole)) return true
  if (NO_SECRET.test(whole)) return false
  for (let end = words.length; end > 0; end -= 1) {
    if (endsInSecret(words.slice(0, end))) return true
    if (!FORMS.has(words[end - 1] as string)) return isMistyped(words, whole)
  }
  return false
}

/** Of these a mistyped one is told, and must not be shown: `passwrd`, `client_secrt`. */
const OFTEN = ['password', 'passphrase', 'secret']
const OFTEN_WHOLE = ['client_secret', 'access_token', 'refresh_token', 'api_key', 'private_key', 'mfa_token']

function isMistyped(words: readonly string[], whole: string): boolean {
  const last = words.at(-1) ?? ''
  const near =
    OFTEN.some((name) => isOneEdit(last, name)) && !words.slice(0, -1).some((each) => NO_SECRET_BEFORE.has(each))
  return near || OFTEN_WHOLE.some((name) => isOneEdit(whole, name))
}

/** One character too many, too few, or another, or two that changed places. */
function isOneEdit(text: string, name: string): boolean {
  if (Math.abs(text.length - name.length) > 1) return false
  let from = 0
  while (from < text.length && text[from] === name[from]) from += 1
  const [a, b] = [text.slice(from), name.slice(from)]
  if (a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1)) return true
  return a.length > 1 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)
}

function endsInSecret(words: readonly string[]): boolean {
  if (LAST_WORDS.has(words.slice(-2).join('_')) || LAST_WORDS.has(words.slice(-3).join('_'))) return true
  const last = words.at(-1) as string
  if (last === 'key' && words.length > 1) return !NO_LOCK.has(words.at(-2) as string)
  const bare = last.replace(/v?\d+$/, '')
  if (!LAST.has(last) && !LAST.has(bare) && !RUN_TOGETHER.test(bare)) return false
  return !words.slice(0, -1).some((word) => NO_SECRET_BEFORE.has(word))
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

const CREDENTIAL_HEADER =
  /^(authorization|proxy-authorization|cookie|set-cookie|dpop|client-certificate.*|x-forwarded-client-cert|cname-api-key)$/i

/** True for a header whose value is a credential: `Authorization`, `X-Api-Key`. */
export function isSecretHeader(name: string): boolean {
  return CREDENTIAL_HEADER.test(name) || isSecretName(name)
}

const JWT = /^ey[JA-Z][\w-]{6,}\.[\w-]+\.[\w-]*(\.[\w-]*){0,2}$/
const SCHEME = /^(bearer|basic|token|apikey)\s+\S{6,}$/i
const PRIVATE_PEM = /^-----BEGIN [A-Z ]*PRIVATE KEY/
const PUBLIC_PEM = /^\s*-----BEGIN ([A-Z ]*PUBLIC KEY|CERTIFICATE)/
const LOGIN_IN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*:[^/?#\s@]+@/i
const WEBHOOK =
  /^https:\/\/(hooks\.slack\.com\/(services|workflows|triggers)\/|(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/|[\w.-]+\.webhook\.office\.com\/|hooks\.zapier\.com\/)/i
const CONNECTION_STRING = /(^|;)\s*(shared)?(access|account)?(key|secret|signature|password|pwd)\s*=\s*[^;\s]{4,}/i

/** In longer texts, such as code and pages, a sample of a credential must not hide the whole. */
const LONGEST_CARRIER = 4096
const CARRIED =
  /\bbearer\s+(?=\S*\d)[\w.~+/=-]{16,}|\beyJ[\w-]{8,}\.eyJ[\w-]+\.[\w-]+|-----BEGIN [A-Z ]*PRIVATE KEY|(^|\n)\s*((proxy-)?authorization|(set-)?cookie|x-(api-key|auth-token))\s*:\s*\S{6,}/i

/**
 * True for a text that is a credential by its shape, wherever it stands: a JWT, `Bearer …`, a private key, a URL with a login;
 * and for one that carries secrets: JSON, a form, lines of an environment file, a header.
 */
export function isSecretText(text: string): boolean {
  if (text.length < 8) return false
  switch (text.charCodeAt(0)) {
    case 0x65: // e
      if (JWT.test(text)) return true
      break
    case 0x2d: // -
      if (PRIVATE_PEM.test(text)) return true
      break
    case 0x5b: // [
    case 0x7b: // {
      if (carriesMember(text)) return true
      break
    default:
      if (text.includes(' ') && SCHEME.test(text)) return true
  }
  if (text.includes('://') && (LOGIN_IN_URL.test(text) || WEBHOOK.test(text) || hasSecretParameter(text))) return true
  if (text.length > LONGEST_CARRIER) return false
  if (text.includes(';') && CONNECTION_STRING.test(text)) return true
  if (text.includes('=') && carriesField(text)) return true
  return text.length > 16 && mayCarry(text) && CARRIED.test(text)
}

/** Whether a text has what one of those signs needs: blanks, the dots of a token, or a header at its beginning. */
function mayCarry(text: string): boolean {
  if (/\s/.test(text)) return true
  return (text.includes('.') && /eyj/i.test(text)) || (text.includes(':') && /^[apcsx]/i.test(text))
}

/** JSON as text, also in part and within JSON: `{"password":"…"}`. */
function carriesMember(text: string): boolean {
  for (const [, name = '', number] of text.slice(0, 65_536).matchAll(MEMBER)) {
    if (name !== 'code' && isSecretName(name) && !(number !== undefined && isCount(name))) return true
  }
  return false
}
const MEMBER = /"([\w.-]{2,60})\\*"\s*:\s*(?:\\*"[^"\\«]|\[\s*\\*"[^"\\«]|(\d))/g

/** A form, or lines of an environment file: nothing but names and values. */
function carriesField(text: string): boolean {
  const fields = text.split(/[&;\n]/).filter((part) => part.trim() !== '')
  const pairs = fields.map((part) => /^\s*(?:export\s+)?([\w.%[\]-]+)=(\S*)\s*$/.exec(part))
  if (pairs.some((pair) => pair === null)) return false
  return pairs.some((pair) => {
    const [, name = '', value = ''] = pair ?? []
    return value.length >= 4 && !value.startsWith('«') && name !== 'code' && isSecretName(name)
  })
}

/** Of many secrets, a number tells how many: `tokens: 3`. */
export function isCount(name: string): boolean {
  return COUNTED.test(name)
}
const COUNTED = /(passwords|secrets|tokens|cookies|credentials|keys|codes|jwts|values|hashes)$/i

function hasSecretParameter(url: string): boolean {
  const query = /[?&]([^#]*)/.exec(url)?.[1]
  if (query === undefined || /\s/.test(url)) return false
  return query.split('&').some((pair) => {
    const [name = '', value = ''] = pair.split('=')
    return value.length >= 6 && name !== 'code' && (isSecretName(name) || /^(sig|signature)$/i.test(name))
  })
}

/** True for a text that anyone may read although its name sounds secret: a public key, a mark, nothing at all. */
export function isPublicText(text: string): boolean {
  return text === '' || PUBLIC_PEM.test(text)
}

/** Where the secrets of a value lie, as dotted paths; `*` stands for any one key or index. */
export interface SecretPaths {
  readonly paths?: readonly string[]
  /** Paths of URLs whose query is a secret. */
  readonly urls?: readonly string[]
}

/** One step of a walk along the paths to secrets: what stands here, and where the next key leads. */
export interface SecretPlace {
  /** What is secret here: the whole value, or the query of a URL. */
  readonly hides?: 'value' | 'query'
  readonly keys: ReadonlyMap<string, SecretPlace>
  /** Where a `*` of a path leads. */
  readonly any?: SecretPlace
}

/** Where no path leads. */
export const NOWHERE: SecretPlace = { keys: new Map() }

/** Trees by their lists of paths, which a caller makes once. */
const trees = new WeakMap<readonly string[], { readonly urls: readonly string[]; readonly tree: SecretPlace }>()
const NONE: readonly string[] = []

/** The paths as a tree, made once for each pair of lists: a walk over a value then looks up one key at each step. */
export function secretPlaceOf({ paths = NONE, urls = NONE }: SecretPaths): SecretPlace {
  if (paths.length === 0 && urls.length === 0) return NOWHERE
  const found = trees.get(paths)
  if (found?.urls === urls) return found.tree
  const tree = grow([...paths.map((path) => wayTo(path, 'value')), ...urls.map((path) => wayTo(path, 'query'))])
  trees.set(paths, { urls, tree })
  return tree
}

/** Where a key leads. */
export function stepTo({ keys, any }: SecretPlace, key: string): SecretPlace {
  return keys.get(key) ?? any ?? NOWHERE
}

interface Way {
  readonly keys: readonly string[]
  readonly hides: 'value' | 'query'
}

function wayTo(path: string, hides: Way['hides']): Way {
  return { keys: path.split('.'), hides }
}

function grow(ways: readonly Way[]): SecretPlace {
  if (ways.length === 0) return NOWHERE
  const ends = ways.filter(({ keys }) => keys.length === 0)
  const below = (name: string): Way[] =>
    ways.filter(({ keys }) => keys[0] === name).map(({ keys, hides }) => ({ keys: keys.slice(1), hides }))
  const wild = below('*')
  const names = new Set(ways.flatMap(({ keys: [first] }) => (first === undefined || first === '*' ? [] : [first])))
  return {
    keys: new Map([...names].map((name) => [name, grow([...below(name), ...wild])])),
    ...(wild.length > 0 && { any: grow(wild) }),
    ...(ends.length > 0 && { hides: ends.some(({ hides }) => hides === 'value') ? 'value' : 'query' }),
  }
}
