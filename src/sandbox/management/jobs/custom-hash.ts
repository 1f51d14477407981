import { isJsonObject, type Json, type JsonObject } from '../../../plan/index.ts'
import { checkOneOf, checkPattern, checkRange, checkType, type RecordError } from './record-checks.ts'

const digests = ['md4', 'md5', 'sha1', 'sha256', 'sha512']
const algorithms = ['argon2', 'bcrypt', 'hmac', 'ldap', ...digests, 'pbkdf2', 'scrypt']
const known = ['algorithm', 'hash', 'salt', 'password', 'keylen', 'cost', 'blockSize', 'parallelization']
const shapes: Readonly<Record<string, RegExp>> = {
  argon2: /^\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[^$]+\$[^$]+$/,
  bcrypt: /^\$2[aby]\$\d{2}\$[./A-Za-z0-9]{53}$/,
  ldap: /^\{(md5|smd5|sha\d*|ssha\d*)\}.+$/i,
  pbkdf2: /^\$pbkdf2-[\w-]+\$(i=\d+,l=\d+\$)?[^$]+\$[^$]+$/,
}
const largest = Number.MAX_SAFE_INTEGER

function missing(key: string, path: string): RecordError {
  return { code: 'OBJECT_REQUIRED', message: `Missing required property: ${key}`, path }
}

function member(value: JsonObject, key: string): JsonObject | undefined {
  const inner = value[key]
  return isJsonObject(inner) ? inner : undefined
}

/** Checks `custom_password_hash` of an import record, with the constraints of each algorithm. */
export function checkCustomHash(value: Json, path: string): readonly RecordError[] {
  if (!isJsonObject(value)) return checkType(value, 'object', path)
  const errors: RecordError[] = Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      code: 'OBJECT_ADDITIONAL_PROPERTIES',
      message: `Additional properties not allowed: ${key}`,
      path: `${path}.${key}`,
    }))
  const algorithm = value['algorithm']
  if (algorithm === undefined) errors.push(missing('algorithm', path))
  else errors.push(...checkOneOf(algorithm, algorithms, `${path}.algorithm`))
  const hash = member(value, 'hash')
  if (hash === undefined) return [...errors, missing('hash', path)]
  const name = typeof algorithm === 'string' ? algorithm : ''
  return [...errors, ...checkHash(hash, name, `${path}.hash`), ...checkRest(value, name, path)]
}

function checkHash(hash: JsonObject, algorithm: string, path: string): readonly RecordError[] {
  const errors: RecordError[] = []
  const written = hash['value']
  if (written === undefined) errors.push(missing('value', path))
  else {
    errors.push(...checkType(written, 'string', `${path}.value`))
    const shape = shapes[algorithm]
    if (shape !== undefined) errors.push(...checkPattern(written, shape, `${path}.value`, 'PATTERN', String(shape)))
  }
  const binary = [...digests, 'hmac', 'scrypt'].includes(algorithm)
  const encoding = hash['encoding']
  if (encoding !== undefined || binary) {
    errors.push(...checkOneOf(encoding ?? null, binary ? ['hex', 'base64'] : ['utf8'], `${path}.encoding`))
  }
  if (algorithm === 'hmac') {
    for (const key of ['digest', 'key']) if (hash[key] === undefined) errors.push(missing(key, path))
  }
  return errors
}

function checkRest(value: JsonObject, algorithm: string, path: string): readonly RecordError[] {
  const errors: RecordError[] = []
  const salt = member(value, 'salt')
  if (salt !== undefined && algorithm === 'argon2') {
    errors.push({
      code: 'NOT_PASSED',
      message: 'argon2 carries its salt in the hash; salt is not allowed.',
      path: `${path}.salt`,
    })
  }
  if (salt !== undefined && salt['value'] === undefined) errors.push(missing('value', `${path}.salt`))
  if (salt?.['position'] !== undefined)
    errors.push(...checkOneOf(salt['position'], ['prefix', 'suffix'], `${path}.salt.position`))
  const encoding = member(value, 'password')?.['encoding']
  if (encoding !== undefined) {
    errors.push(
      ...checkOneOf(encoding, ['ascii', 'utf8', 'utf16le', 'ucs2', 'latin1', 'binary'], `${path}.password.encoding`),
    )
  }
  if (algorithm === 'scrypt' && value['keylen'] === undefined) errors.push(missing('keylen', path))
  for (const key of ['keylen', 'cost', 'blockSize', 'parallelization']) {
    const number = value[key]
    if (number !== undefined) errors.push(...checkRange(number, `${path}.${key}`, 1, largest))
  }
  return errors
}
