import type { JsonObject } from '../../../plan/index.ts'
import type { Connection } from '../../tenant/index.ts'
import { refuse } from '../answer.ts'
import { objectOf, stringOf, stringsOf } from '../records.ts'

/** Words so common that the dictionary check refuses them; a short stand-in for the ten thousand of a real tenant. */
const commonPasswords = [
  'password',
  'password1',
  '123456',
  '12345678',
  '123456789',
  'qwerty',
  'letmein',
  'iloveyou',
  'admin',
]
const shortest: Readonly<Record<string, number>> = { none: 1, low: 6, fair: 8, good: 8, excellent: 10 }

/**
 * Refuses a password that the connection's policy does not allow.
 * Page: https://auth0.com/docs/authenticate/database-connections/password-options
 */
export function checkPassword(connection: Partial<Connection>, user: JsonObject, password: string): void {
  const options = objectOf(connection.options) ?? {}
  const flexible = objectOf(options['password_options'])
  const strong = flexible === undefined ? fitsLevel(options, password) : fitsComplexity(flexible, password)
  if (!strong) refuse(400, 'PasswordStrengthError: Password is too weak', 'invalid_password')
  if (uses(options['password_dictionary'], 'enable') || uses(flexible?.['dictionary'], 'active')) {
    const own = [
      ...stringsOf(objectOf(options['password_dictionary'])?.['dictionary']),
      ...stringsOf(objectOf(flexible?.['dictionary'])?.['custom']),
    ]
    const refused = [...commonPasswords, ...own].map((word) => word.toLowerCase())
    if (refused.includes(password.toLowerCase()))
      refuse(400, 'PasswordDictionaryError: Password is too common', 'invalid_password')
  }
  if (uses(options['password_no_personal_info'], 'enable') || uses(flexible?.['profile_data'], 'active')) {
    const written = password.toLowerCase()
    if (personalData(user).some((part) => part.length > 2 && written.includes(part))) {
      refuse(400, 'PasswordNoUserInfoError: Password contains user information', 'invalid_password')
    }
  }
  const remembered = historySize(options, flexible)
  const earlier = [...stringsOf(user.$password_history), stringOf(user.$password) ?? ''].slice(-remembered || undefined)
  if (remembered > 0 && earlier.includes(password)) {
    refuse(400, 'PasswordHistoryError: Password has previously been used', 'invalid_password')
  }
}

/** The user's private password fields after a change. */
export function withPassword(user: JsonObject, password: string): JsonObject {
  const current = stringOf(user.$password)
  const history = [...stringsOf(user.$password_history), ...(current === undefined ? [] : [current])].slice(-24)
  return { ...user, $password: password, $password_history: history }
}

function uses(value: unknown, key: string): boolean {
  return (value as JsonObject | undefined)?.[key] === true
}

function historySize(options: JsonObject, flexible: JsonObject | undefined): number {
  const legacy = objectOf(options['password_history'])
  const newer = objectOf(flexible?.['history'])
  const used = uses(newer, 'active') ? newer : uses(legacy, 'enable') ? legacy : undefined
  if (used === undefined) return 0
  return typeof used['size'] === 'number' ? used['size'] : 5
}

function classes(password: string): readonly boolean[] {
  return [/[a-z]/, /[A-Z]/, /\d/, /[ !"#$%&'()*+,\-./:;<=>?@[\]^_`{|}~\\]/].map((kind) => kind.test(password))
}

function fitsLevel(options: JsonObject, password: string): boolean {
  const level = stringOf(options['passwordPolicy']) ?? 'none'
  const least = objectOf(options['password_complexity_options'])?.['min_length']
  if (password.length < (typeof least === 'number' ? least : (shortest[level] ?? 1))) return false
  const [lower, upper, digit] = classes(password)
  if (level === 'fair') return lower === true && upper === true && digit === true
  if (level !== 'good' && level !== 'excellent') return true
  const enough = classes(password).filter(Boolean).length >= 3
  return enough && (level === 'good' || !/(.)\1\1/.test(password))
}

function fitsComplexity(flexible: JsonObject, password: string): boolean {
  const rules = objectOf(flexible['complexity']) ?? {}
  if (password.length < (typeof rules['min_length'] === 'number' ? rules['min_length'] : 1)) return false
  if (rules['max_length_exceeded'] === 'error' && Buffer.byteLength(password) > 72) return false
  if (rules['identical_characters'] === 'block' && /(.)\1\1/.test(password)) return false
  if (rules['sequential_characters'] === 'block' && hasSequence(password)) return false
  const [lowercase, uppercase, number, special] = [
    /[a-z]/.test(password),
    /[A-Z]/.test(password),
    /\d/.test(password),
    /[^A-Za-z0-9]/.test(password),
  ]
  if (rules['character_type_rule'] === 'three_of_four') {
    return [lowercase, uppercase, number, special].filter(Boolean).length >= 3
  }
  const held: Readonly<Record<string, boolean | undefined>> = { lowercase, uppercase, number, special }
  return stringsOf(rules['character_types']).every((type) => held[type] === true)
}

function hasSequence(password: string): boolean {
  const codes = [...password.toLowerCase()].map((character) => character.charCodeAt(0))
  return codes.some((code, index) => codes[index + 1] === code + 1 && codes[index + 2] === code + 2)
}

function personalData(user: JsonObject): readonly string[] {
  const metadata = objectOf(user.user_metadata) ?? {}
  const values = [user.name, user.username, user.nickname, metadata['name'], metadata['first'], metadata['last']]
  const local = stringOf(user.email)?.split('@')[0]
  return [...values.map(stringOf), local].filter((value) => value !== undefined).map((value) => value.toLowerCase())
}
