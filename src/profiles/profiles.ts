import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { didYouMean } from '../catalogue/index.ts'
import { ConfigurationError, isJsonObject } from '../plan/index.ts'
import { systemKeyring } from './keyring.ts'

/** Connection data that is kept under a name. */
export interface Profile {
  readonly domain: string
  readonly tenantDomain?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly audience?: string
  readonly organization?: string
  readonly customDomain?: string
  readonly writes?: 'allow' | 'deny' | 'check'
  /** Consoles on a production tenant start without writes. */
  readonly environment?: 'production' | 'staging' | 'development'
  /** Of a login on a device; brings the user's tokens. */
  readonly refreshToken?: string
  /** Of a login on a device that brought nothing to renew it by: holds until it expires. */
  readonly accessToken?: string
  /** PKCS#8 PEM of an application that authenticates itself by `private_key_jwt`. */
  readonly privateKey?: string
  /** Algorithm of the private key; RS256 unless given. */
  readonly keyAlgorithm?: string
  /** Id of the private key, for the header of what it signs. */
  readonly keyId?: string
}

/** Members of a profile that are secrets. */
export const SECRETS = ['clientSecret', 'refreshToken', 'accessToken', 'privateKey'] as const

/** A profile as the file holds it: its secrets may lie in the keyring. */
export interface StoredProfile extends Profile {
  /** Names of the secrets that lie in the keyring, separated by blanks. */
  readonly keyring?: string
  /** As earlier versions wrote it: one secret lies in the keyring, under the profile's name. */
  readonly secretIn?: 'keyring'
  /** What the secret is: the refresh token or the access token of a person; of an application where left out. */
  readonly login?: 'device' | 'token'
}

/** A profile, and the name that it was found under. */
export interface NamedProfile extends Profile {
  readonly profile: string
}

const MEMBERS = [
  'domain',
  'tenantDomain',
  'clientId',
  'clientSecret',
  'audience',
  'organization',
  'customDomain',
  'writes',
  'environment',
  'refreshToken',
  'accessToken',
  'privateKey',
  'keyAlgorithm',
  'keyId',
  'keyring',
  'secretIn',
  'login',
]

const VALUES: Readonly<Record<string, readonly string[]>> = {
  writes: ['allow', 'deny', 'check'],
  environment: ['production', 'staging', 'development'],
  secretIn: ['keyring'],
  login: ['device', 'token'],
}

type Environment = Readonly<Record<string, string | undefined>>

/** Where profiles are kept: `${XDG_CONFIG_HOME:-~/.config}/tenantlab/profiles.json`. */
export function profilesPath(environment: Environment): string {
  const home = environment.XDG_CONFIG_HOME
  return join(
    home === undefined || home === '' ? join(process.getBuiltinModule('node:os').homedir(), '.config') : home,
    'tenantlab',
    'profiles.json',
  )
}

/**
 * A stored profile; `default` may name another.
 *
 * @returns `undefined` when there is no file, or no profile of this name and `required` is false.
 * @throws ConfigurationError when others may read the file, it is not what it must be, or the keyring lacks the secret.
 */
export function readProfile(name: string, environment: Environment, required: boolean): NamedProfile | undefined {
  const path = profilesPath(environment)
  const profiles = readRaw(path)
  const alias = Object.hasOwn(profiles, 'default') ? profiles.default : undefined
  const meant = name === 'default' && typeof alias === 'string' ? alias : name
  const profile = Object.hasOwn(profiles, meant) ? profiles[meant] : undefined
  if (profile === undefined) {
    if (!required) return undefined
    const names = Object.keys(profiles)
    const known = names.length === 0 ? 'There are none.' : `Known: ${names.join(', ')}.`
    throw new ConfigurationError(
      `There is no profile "${meant}" in ${path}. ${didYouMean(meant, names, known)} Add it as ` +
        `{ "${meant}": { "domain": "…", "clientId": "…", "clientSecret": "…" } }, with mode 0600, or by tenantlab login.`,
    )
  }
  return { ...withSecret(check(profile, meant, path), meant, environment), profile: meant }
}

/** All profiles as the file holds them. */
export function readProfiles(environment: Environment): Readonly<Record<string, StoredProfile | string>> {
  const path = profilesPath(environment)
  const checked = Object.entries(readRaw(path)).map(([name, profile]) => {
    const alias = name === 'default' && typeof profile === 'string'
    return [name, alias ? profile : check(profile, name, path)] as const
  })
  return Object.fromEntries(checked)
}

function readRaw(path: string): Readonly<Record<string, unknown>> {
  const text = readPrivately(path)
  return text === undefined ? {} : parse(text, path)
}

/** Under what name a secret of a profile lies in the keyring. */
export function accountOf(name: string, secret: string): string {
  return `${name}:${secret}`
}

/** The name and account of each secret of a profile that lies in the keyring. */
export function secretsInKeyring(stored: StoredProfile, name: string): readonly (readonly [string, string])[] {
  const { keyring, secretIn, login } = stored
  if (keyring !== undefined) return keyring.split(' ').map((secret) => [secret, accountOf(name, secret)])
  if (secretIn === undefined) return []
  return [[login === 'token' ? 'accessToken' : login === 'device' ? 'refreshToken' : 'clientSecret', name]]
}

function withSecret(stored: StoredProfile, name: string, environment: Environment): Profile {
  const { keyring: _, secretIn: __, login: ___, ...profile } = stored
  const secrets = secretsInKeyring(stored, name)
  if (secrets.length === 0) return profile
  const keyring = systemKeyring(environment)
  const found = secrets.map(([secret, account]) => [secret, keyring?.read(account)] as const)
  if (found.every(([, value]) => value !== undefined)) return { ...profile, ...Object.fromEntries(found) }
  throw new ConfigurationError(
    `The secret of the profile "${name}" is in the system's keyring, which does not give it. Unlock the keyring, or ` +
      `store the profile again with tenantlab login --name ${name}.`,
  )
}

function readPrivately(path: string): string | undefined {
  try {
    const { mode } = statSync(path)
    // Windows keeps no such bits; its home folders are private by default.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new ConfigurationError(
        `${path} holds credentials and others may read it (mode ${(mode & 0o777).toString(8).padStart(4, '0')}). Run ` +
          `chmod 600 ${path}, and connect again.`,
      )
    }
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigurationError(`${path} cannot be read. Check that it is a file of your own, and connect again.`, {
      cause: error,
    })
  }
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    throw new ConfigurationError(`${path} is not JSON. Correct it, and connect again.`)
  }
  if (isJsonObject(content)) return content
  throw new ConfigurationError(`${path} must be a JSON object of profiles by name. Correct it, and connect again.`)
}

function check(profile: unknown, name: string, path: string): StoredProfile {
  const place = `The profile "${name}" in ${path}`
  if (!isJsonObject(profile)) throw new ConfigurationError(`${place} must be an object with "domain". Correct it.`)
  for (const [key, value] of Object.entries(profile)) {
    if (!MEMBERS.includes(key)) {
      throw new ConfigurationError(
        `${place} has a member "${key}" that means nothing. ${didYouMean(key, MEMBERS, `Known: ${MEMBERS.join(', ')}.`)}`,
      )
    }
    if (typeof value !== 'string' || value === '') {
      throw new ConfigurationError(`${place} needs a text for "${key}". Correct it, or take the member out.`)
    }
    const allowed = VALUES[key]
    if (allowed !== undefined && !allowed.includes(value)) {
      throw new ConfigurationError(`${place} has a "${key}" that is none. It may be ${allowed.join(', ')}.`)
    }
  }
  if (profile.domain === undefined) throw new ConfigurationError(`${place} lacks "domain". Add the tenant's domain.`)
  return profile as unknown as StoredProfile
}
