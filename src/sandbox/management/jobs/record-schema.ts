import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import { checkCustomHash } from './custom-hash.ts'
import { checkLength, checkPattern, checkType, emailPattern, type RecordError } from './record-checks.ts'

const reservedMetadata =
  /^(__tenant|_id|blocked|clientID|created_at|email_verified|email|globalClientID|global_client_id|identities|lastIP|lastLogin|loginsCount|metadata|multifactor_last_modified|multifactor|updated_at|user_id)$/

type Check = (value: Json, path: string) => readonly RecordError[]

const fields: Readonly<Record<string, Check>> = {
  email: (value, path) => [
    ...checkType(value, 'string', path),
    ...checkPattern(value, emailPattern, path, 'FORMAT', 'email'),
  ],
  email_verified: (value, path) => checkType(value, 'boolean', path),
  phone_number: (value, path) => [
    ...checkType(value, 'string', path),
    ...checkPattern(value, /^\+[0-9]{1,15}$/, path, 'PATTERN', '^\\+[0-9]{1,15}$'),
  ],
  phone_verified: (value, path) => checkType(value, 'boolean', path),
  user_id: (value, path) => [...checkType(value, 'string', path), ...checkLength(value, path, 1, 255)],
  username: (value, path) => [...checkType(value, 'string', path), ...checkLength(value, path, 1, 128)],
  given_name: (value, path) => [...checkType(value, 'string', path), ...checkLength(value, path, 1, 150)],
  family_name: (value, path) => [...checkType(value, 'string', path), ...checkLength(value, path, 1, 150)],
  name: (value, path) => [...checkType(value, 'string', path), ...checkLength(value, path, 1, 300)],
  nickname: (value, path) => [...checkType(value, 'string', path), ...checkLength(value, path, 1, 300)],
  picture: (value, path) => [
    ...checkType(value, 'string', path),
    ...checkPattern(value, /^https?:\/\/\S+$/, path, 'FORMAT', 'uri'),
  ],
  blocked: (value, path) => checkType(value, 'boolean', path),
  password_hash: (value, path) => [
    ...checkType(value, 'string', path),
    ...checkPattern(value, /^\$2[ab]\$10\$[./A-Za-z0-9]{53}$/, path, 'PATTERN', 'bcrypt with 10 rounds'),
  ],
  custom_password_hash: checkCustomHash,
  app_metadata: (value, path) => [...checkType(value, 'object', path), ...checkReserved(value, path)],
  user_metadata: (value, path) => checkType(value, 'object', path),
  mfa_factors: checkFactors,
}

/**
 * Checks one record of an import file; answers every rule that it breaks.
 * Page: https://auth0.com/docs/manage-users/user-migration/bulk-user-import-schema
 */
export function checkRecord(record: Json): readonly RecordError[] {
  if (!isJsonObject(record))
    return [{ code: 'INVALID_TYPE', message: 'Expected type object but found another type.', path: '' }]
  const errors: RecordError[] = []
  if (record['email'] === undefined) {
    errors.push({ code: 'OBJECT_REQUIRED', message: 'Missing required property: email', path: '' })
  }
  for (const [key, value] of Object.entries(record)) {
    const check = fields[key]
    if (check === undefined) {
      errors.push({
        code: 'OBJECT_ADDITIONAL_PROPERTIES',
        message: `Additional properties not allowed: ${key}`,
        path: key,
      })
    } else errors.push(...check(value, key))
  }
  if (record['password_hash'] !== undefined && record['custom_password_hash'] !== undefined) {
    errors.push({ code: 'NOT_PASSED', message: 'password_hash excludes custom_password_hash.', path: '' })
  }
  return errors
}

function checkReserved(value: Json, path: string): readonly RecordError[] {
  if (!isJsonObject(value)) return []
  return Object.keys(value)
    .filter((key) => reservedMetadata.test(key))
    .map((key) => ({ code: 'NOT_PASSED', message: `${key} is a reserved key.`, path: `${path}.${key}` }))
}

function checkFactors(value: Json, path: string): readonly RecordError[] {
  if (!Array.isArray(value)) return checkType(value, 'array', path)
  const factors: readonly Json[] = value
  if (factors.length < 1) return [{ code: 'ARRAY_LENGTH_SHORT', message: 'Array is too short (0), minimum 1', path }]
  if (factors.length > 10) {
    return [{ code: 'ARRAY_LENGTH_LONG', message: `Array is too long (${factors.length}), maximum 10`, path }]
  }
  return factors.flatMap((factor, index) => checkFactor(factor, `${path}[${index}]`))
}

const factorRules = {
  totp: { key: 'secret', pattern: /^[A-Z2-7]+$/, code: 'PATTERN' },
  phone: { key: 'value', pattern: /^\+[0-9]{1,15}$/, code: 'PATTERN' },
  email: { key: 'value', pattern: emailPattern, code: 'FORMAT' },
} as const

function checkFactor(factor: Json, path: string): readonly RecordError[] {
  if (!isJsonObject(factor)) return checkType(factor, 'object', path)
  const names = Object.keys(factor)
  const name = (['totp', 'phone', 'email'] as const).find((known) => names.includes(known))
  if (name === undefined || names.length !== 1) {
    return [{ code: 'ANY_OF_MISSING', message: 'A factor needs exactly one of totp, phone and email.', path }]
  }
  const { key, pattern, code } = factorRules[name]
  const inner = factor[name]
  const value = isJsonObject(inner) ? (inner as JsonObject)[key] : undefined
  if (value === undefined)
    return [{ code: 'OBJECT_REQUIRED', message: `Missing required property: ${key}`, path: `${path}.${name}` }]
  const place = `${path}.${name}.${key}`
  return [...checkType(value, 'string', place), ...checkPattern(value, pattern, place, code, String(pattern))]
}
