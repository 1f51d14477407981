import { isSecretSlot } from './secret.ts'

/** What containers print in place of a secret. */
export const SECRET_MARK = '«secret»'

const SECRET_NAME =
  /(^|[_-])(password|passwd|secret|secrets|otp|pin|passcode|authorization|cookie|credential|credentials|private_?key|signing_?key|api_?key|assertion)$|(^|[_-])token$|^(clientSecret|accessToken|refreshToken|idToken|mfaToken|mfa_token|oob_code|binding_code|recovery_code|recovery_codes|device_code|user_code|auth_req_id|auth_session|code|code_verifier|cname_api_key|password_hash|hash|pem|barcode_uri)$/i
const PUBLIC_NAME = /^(token_type|token_endpoint_auth_method|password_policy|passwordPolicy)$/
const CREDENTIAL_HEADER =
  /^(authorization|proxy-authorization|cookie|set-cookie|dpop|client-certificate|cname-api-key)$/i

/** True when a field of this name holds a secret by convention; used where no catalogue row says so. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !PUBLIC_NAME.test(name)
}

/** Header copy with the values of credential headers hidden. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const copy: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) copy[name] = CREDENTIAL_HEADER.test(name) ? SECRET_MARK : value
  return copy
}

/** A URL with its query and fragment hidden: tickets and signed links carry their secret there. */
export function hideQuery(url: string): string {
  const cut = url.search(/[?#]/)
  return cut === -1 ? url : `${url.slice(0, cut)}?${SECRET_MARK}`
}

interface RedactOptions {
  /** Dotted paths of secrets; `*` stands for any one key or index. */
  readonly paths?: readonly string[]
  /** Dotted paths of URLs whose query is a secret. */
  readonly urls?: readonly string[]
  /** Also hide fields by their name; on unless said otherwise. */
  readonly byName?: boolean
  /** Names that hold no secret in this value, although elsewhere they do: `code` of an error. */
  readonly open?: readonly string[]
}

/**
 * A copy of `value` that is safe to print: secrets at the given paths, and fields with a secret's name, read `«secret»`.
 * Secret slots stay as they are, they hold no value. Never changes `value`.
 */
export function redact<T>(value: T, options: RedactOptions = {}): T {
  const { paths = [], urls = [], byName = true, open = [] } = options
  const split = paths.map((path) => path.split('.'))
  const splitUrls = urls.map((path) => path.split('.'))
  const seen = new Map<object, unknown>()
  const visit = (item: unknown, at: readonly string[]): unknown => {
    if (typeof item === 'string' && splitUrls.some((pattern) => matches(pattern, at))) return hideQuery(item)
    if (typeof item !== 'object' || item === null || isSecretSlot(item)) return item
    const known = seen.get(item)
    if (known !== undefined) return known
    if (Array.isArray(item)) {
      const copy: unknown[] = []
      seen.set(item, copy)
      item.forEach((element, index) => {
        const here = [...at, String(index)]
        copy.push(hidden(element, here, undefined) ? SECRET_MARK : visit(element, here))
      })
      return copy
    }
    const copy: Record<string, unknown> = {}
    seen.set(item, copy)
    for (const [key, member] of Object.entries(item)) {
      const here = [...at, key]
      copy[key] = hidden(member, here, key) ? SECRET_MARK : visit(member, here)
    }
    return copy
  }
  const hidden = (item: unknown, at: readonly string[], key: string | undefined): boolean => {
    if (item === null || item === undefined || isSecretSlot(item)) return false
    if (split.some((pattern) => matches(pattern, at))) return true
    if (!byName || key === undefined || open.includes(key) || !isSecretName(key)) return false
    return typeof item === 'string' || (Array.isArray(item) && item.every((element) => typeof element === 'string'))
  }
  return visit(value, []) as T
}

/** Replaces each of the given secret values in a text; the last guard before a text leaves the process. */
export function redactText(text: string, values: Iterable<string>): string {
  let safe = text
  for (const value of values) if (value.length >= 4) safe = safe.split(value).join(SECRET_MARK)
  return safe
}

function matches(pattern: readonly string[], at: readonly string[]): boolean {
  return pattern.length === at.length && pattern.every((part, index) => part === '*' || part === at[index])
}
