import { SECRET_MARK } from '../../plan/index.ts'
import { type StoredOutput, textOf } from '../document/index.ts'

/** What gives a secret away, and what to call it. */
interface Shape {
  readonly what: string
  readonly pattern: RegExp
}

const NAMES =
  'access_token|refresh_token|id_token|client_secret|password|mfa_token|oob_code|binding_code|recovery_code|device_code|user_code|auth_req_id|code_verifier|client_assertion'

const SHAPES: readonly Shape[] = [
  { what: 'a token', pattern: /eyJ[\w-]{8,}\.[\w-]+/ },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: 'a bearer token', pattern: /\bBearer (?!\$)[\w.~+/-]{12,}/ },
  { what: 'an OTP secret', pattern: /otpauth:\/\/\w+\/\S*secret=(?!«)/ },
  { what: 'a ticket', pattern: /[?&]ticket=(?!«)[\w-]{8,}/ },
  {
    what: 'the value of a secret field',
    pattern: new RegExp(
      `["']?\\b(?:${NAMES})["']?\\s*[:=]\\s*(?:["']|&quot;)?(?!${SECRET_MARK}|\\$|string\\b|undefined\\b|null\\b|true\\b|false\\b)[\\w|.+/-]{6,}`,
      'i',
    ),
  },
  { what: 'a one-time code', pattern: /\b(?:code|otp|passcode)\b["']?\s*(?:is|:|=)\s*["']?\d{6}\b/i },
]

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
