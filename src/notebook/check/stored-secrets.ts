import { isSecretName, SECRET_MARK } from '../../plan/index.ts'
import { linesOf, type StoredOutput, textOf } from '../document/index.ts'

/** What gives a secret away, and what to call it. */
interface Shape {
  readonly what: string
  readonly pattern: RegExp
  /** What of a find stays: the name before the value. */
  readonly lead?: RegExp
}

const NAMES =
  'access_token|refresh_token|id_token|client_secret|password|mfa_token|oob_code|binding_code|recovery_code|device_code|user_code|auth_req_id|code_verifier|client_assertion|accessToken|refreshToken|idToken|clientSecret|mfaToken|api_?key|auth_?token|connectionString|smtp_pass|secretAccessKey'

const SHAPES: readonly Shape[] = [
  { what: 'a token', pattern: /eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*/ },
  {
    what: 'a private key',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\w+/=\s\\]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/,
  },
  { what: 'a private key', pattern: /"d\\*"\s*:\s*\\*"[\w-]{40,}/, lead: /^"d\\*"\s*:\s*\\*"/ },
  {
    what: 'a credential of basic authentication',
    pattern: /\bBasic (?!\$)(?=[\w+/]*[A-Z\d])[\w+/]{12,}={0,2}(?![\w ])/,
    lead: /^Basic /,
  },
  {
    what: 'a login in a URL',
    pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^/?#\s:@"'`<>«$]+:(?!«|\$)[^/?#\s@"'`<>«]{4,}@[\w.-]+/i,
    lead: /^[^@]*:(?=[^:@]*@)/,
  },
  {
    what: 'the address of a webhook',
    pattern:
      /https:\/\/(?:hooks\.slack\.com\/(?:services|workflows|triggers)|(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks|hooks\.zapier\.com\/hooks)\/[\w/-]{16,}/,
    lead: /^https:\/\/[^/]*\//,
  },
  {
    what: 'a key of a service',
    pattern:
      /\b(?:AKIA[0-9A-Z]{16}|gh[opsru]_\w{30,}|github_pat_\w{30,}|xox[abeoprs]-[\w-]{10,}|[rs]k_(?:live|test)_\w{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|Fe26\.2\*[\w*.~-]{16,}|AIza[\w-]{30,}|npm_\w{30,}|glpat-[\w-]{16,})/,
  },
  {
    what: 'a connection string',
    pattern:
      /\b(?:accesskey|accountkey|sharedaccesskey|sharedaccesssignature|pwd|password)=(?!«|\$)[^;\s"'`&<>]{8,}(?=;|["'`]|\s|$)/i,
    lead: /^[^=]*=/,
  },
  { what: 'a bearer token', pattern: /\bBearer (?!\$)[\w.~+/-]{12,}/, lead: /^Bearer / },
  { what: 'an OTP secret', pattern: /otpauth:\/\/\w+\/\S*secret=(?!«)[^&\s"']*/, lead: /^.*secret=/ },
  { what: 'a ticket', pattern: /[?&]ticket=(?!«)[\w-]{8,}/, lead: /^.ticket=/ },
  {
    what: 'the value of a secret field',
    pattern: new RegExp(
      `["']?\\b(?:${NAMES})["']?\\s*[:=]\\s*(?:["']|&quot;)?(?!${SECRET_MARK}|\\$|string\\b|undefined\\b|null\\b|true\\b|false\\b)[\\w|.+/-]{6,}`,
      'i',
    ),
    lead: /^["']?\w+["']?\s*[:=]\s*(?:["']|&quot;)?/,
  },
  { what: 'a one-time code', pattern: /\b(?:code|otp|passcode)\b["']?\s*(?:is|:|=)\s*["']?\d{6}\b/i, lead: /^\D*/ },
]

/** Shapes that are a secret wherever they are written: in code, in prose, in metadata. */
const WRITTEN: ReadonlySet<string> = new Set([
  'a token',
  'a private key',
  'a bearer token',
  'an OTP secret',
  'a credential of basic authentication',
  'a login in a URL',
  'the address of a webhook',
  'a key of a service',
  'a connection string',
])

/**
 * A secret field with a value that nobody makes up: long, with capitals, small letters and digits. In prose, in JSON, in
 * the lines of an .env file or a curl command.
 */
const REAL = String.raw`(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{24,}`
const FIELD = String.raw`\b(?:\w*_)?(?:${NAMES}|${NAMES.toUpperCase()})`
const REAL_VALUE = new RegExp(String.raw`${FIELD}["'\x60*]*\s*(?:[:=]|\bis\b|\|)\s*["'\x60*]*${REAL}`)
/** The same without quotes: in code those are told with the literals. */
const REAL_UNQUOTED = new RegExp(`${FIELD}=${REAL}`)

/**
 * What a text that somebody wrote gives away, in words.
 *
 * @param isCode true where literals are told by themselves.
 */
export function secretsWritten(text: string, canaries: readonly string[] = [], isCode = true): readonly string[] {
  const found = SHAPES.filter(({ what, pattern }) => WRITTEN.has(what) && pattern.test(text))
  const isReal = (isCode ? REAL_UNQUOTED : REAL_VALUE).test(text)
  const isNamed = canaries.some((canary) => canary !== '' && text.includes(canary))
  return [
    ...found.map(({ what }) => what),
    ...(isReal ? ['the value of a secret field'] : []),
    ...(isNamed ? ['a value that was named as secret'] : []),
  ]
}

/** An output with a mark in place of each secret; `undefined` where not all of it can be cut out. */
export function withoutSecrets(output: StoredOutput, canaries: readonly string[]): StoredOutput | undefined {
  if (secretsIn(output, canaries).length === 0) return output
  const safe = masked(output, canaries) as StoredOutput
  return secretsIn(safe, canaries).length === 0 ? safe : undefined
}

function masked(value: unknown, canaries: readonly string[]): unknown {
  if (typeof value === 'string') return maskedText(value, canaries)
  if (Array.isArray(value)) {
    // A secret may go on in the next line.
    const isText = value.length > 0 && value.every((line) => typeof line === 'string')
    return isText ? linesOf(maskedText(value.join(''), canaries)) : value.map((each) => masked(each, canaries))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isSecret = typeof member === 'string' && member !== SECRET_MARK && name !== 'code' && isSecretName(name)
      return [name, isSecret ? SECRET_MARK : masked(member, canaries)]
    }),
  )
}

function maskedText(text: string, canaries: readonly string[]): string {
  let safe = text
  for (const canary of canaries) if (canary !== '') safe = safe.replaceAll(canary, SECRET_MARK)
  for (const { pattern, lead } of SHAPES) {
    const all = new RegExp(pattern.source, `${pattern.flags}g`)
    safe = safe.replace(all, (found) => (lead === undefined ? '' : (lead.exec(found)?.[0] ?? '')) + SECRET_MARK)
  }
  return safe
}

/**
 * What an output gives away, in words; the value itself is never in them.
 *
 * @param canaries Values that no output may hold.
 */
export function secretsIn(output: StoredOutput, canaries: readonly string[]): readonly string[] {
  const text = everythingIn(output)
  const found = SHAPES.filter(({ pattern }) => pattern.test(text)).map(({ what }) => what)
  const known = canaries.some((canary) => canary !== '' && text.includes(canary))
  return known ? [...found, 'a value that was named as secret'] : found
}

function everythingIn(output: StoredOutput): string {
  const parts = [textOf(output.text)]
  for (const value of Object.values(output.data ?? {})) {
    const lines = Array.isArray(value) && value.every((line) => typeof line === 'string')
    parts.push(typeof value === 'string' || lines ? textOf(value as string) : JSON.stringify(value))
  }
  if (output.output_type === 'error') parts.push(JSON.stringify([output.ename, output.evalue, output.traceback]))
  return parts.join('\n')
}

/** Values of the environment that a notebook may not store: what its variables call secret. */
export function canariesOf(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const isSecret = /(SECRET|PASSWORD|TOKEN|PRIVATE_KEY|API_KEY)$/.test(name)
    return isSecret && value !== undefined && value.length >= 8 ? [value] : []
  })
}
