import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigurationError } from '../plan/index.ts'
import { systemKeyring } from './keyring.ts'
import { type Profile, profilesPath, readProfiles, type StoredProfile } from './profiles.ts'
import { writeWhole } from './write-whole.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the secret of a profile was put, for the sentence that tells it. */
export interface StoredWhere {
  readonly path: string
  /** Name of the keyring; absent where the secret lies in the file. */
  readonly keyring?: string
  /** What to know about a secret in a file. */
  readonly warning?: string
}

/** A profile as `tenantlab tenants` lists it; it holds no secret. */
export interface ListedProfile {
  readonly name: string
  readonly chosen: boolean
  readonly domain: string
  readonly environment?: Profile['environment']
  readonly clientId?: string
  /** How its tokens are got. */
  readonly login: 'client credentials' | 'device' | 'none'
  readonly secret: 'keyring' | 'file' | 'none'
}

/** A name that can be typed after `--profile`; `default` chooses one of them. */
const NAME = /^[A-Za-z0-9][\w.-]*$/

/**
 * Keeps a profile under a name: its secret in the system's keyring where there is one, else in a file of mode 0600.
 *
 * @throws ConfigurationError for a name that cannot be, and for a profiles file that is none.
 */
export function storeProfile(name: string, profile: Profile, environment: Environment): StoredWhere {
  if (!NAME.test(name) || name === 'default') {
    throw new ConfigurationError(
      `"${name.slice(0, 60)}" cannot be the name of a profile. Use letters, digits, dots and dashes; "default" is taken.`,
    )
  }
  const path = profilesPath(environment)
  const profiles = readProfiles(environment)
  const secret = profile.refreshToken ?? profile.accessToken ?? profile.clientSecret
  const keyring = secret === undefined ? undefined : intoKeyring(name, secret, environment)
  const { clientSecret, refreshToken, accessToken, ...open } = profile
  const kept: StoredProfile = {
    ...open,
    ...(refreshToken !== undefined && { login: 'device' as const }),
    ...(refreshToken === undefined && accessToken !== undefined && { login: 'token' as const }),
    ...(keyring !== undefined
      ? { secretIn: 'keyring' as const }
      : { ...only({ clientSecret, refreshToken, accessToken }) }),
  }
  // A client secret beside a refresh token stays in the file: the keyring holds one secret per profile.
  const beside = keyring !== undefined && secret !== clientSecret ? only({ clientSecret }) : {}
  const first = Object.keys(profiles).length === 0
  write({ ...profiles, [name]: { ...kept, ...beside }, ...(first && { default: name }) }, path)
  const inFile = secret !== undefined && (keyring === undefined || Object.keys(beside).length > 0)
  return {
    path,
    ...(keyring !== undefined && { keyring }),
    ...(inFile && { warning: `A secret is kept in ${path}, readable by you alone (mode 0600), and not encrypted.` }),
  }
}

/** Replaces the secret of a profile, as when the server has changed its refresh token. */
export function replaceRefreshToken(name: string, refreshToken: string, environment: Environment): void {
  const profiles = readProfiles(environment)
  const profile = profiles[name]
  if (typeof profile !== 'object') return
  if (profile.secretIn === 'keyring') {
    systemKeyring(environment)?.write(name, refreshToken)
    return
  }
  write({ ...profiles, [name]: { ...profile, refreshToken } }, profilesPath(environment))
}

/** All profiles, without their secrets, in the order in which they were stored. */
export function listProfiles(environment: Environment): readonly ListedProfile[] {
  const profiles = readProfiles(environment)
  const chosen = typeof profiles.default === 'string' ? profiles.default : 'default'
  return Object.entries(profiles).flatMap(([name, profile]) => {
    if (typeof profile === 'string') return []
    const secret =
      profile.secretIn ?? ((profile.clientSecret ?? profile.refreshToken ?? profile.accessToken) ? 'file' : 'none')
    return {
      name,
      chosen: name === chosen,
      domain: profile.domain,
      ...(profile.environment !== undefined && { environment: profile.environment }),
      ...(profile.clientId !== undefined && { clientId: profile.clientId }),
      login: profile.login !== undefined ? 'device' : secret === 'none' ? 'none' : 'client credentials',
      secret,
    }
  })
}

/**
 * Takes a profile away, with its secret.
 *
 * @throws ConfigurationError when there is none of that name.
 */
export function removeProfile(name: string, environment: Environment): void {
  const { [name]: profile, ...rest } = known(name, environment)
  if (typeof profile === 'object' && profile.secretIn === 'keyring') systemKeyring(environment)?.remove(name)
  const { default: chosen, ...others } = rest
  write(chosen === undefined || chosen === name ? others : { ...others, default: chosen }, profilesPath(environment))
}

/**
 * Makes a profile the one that `connect()` and the console take when none is named.
 *
 * @throws ConfigurationError when there is none of that name.
 */
export function chooseProfile(name: string, environment: Environment): void {
  const profiles = known(name, environment)
  if (typeof profiles.default === 'object') {
    throw new ConfigurationError(
      `${profilesPath(environment)} holds a profile that is itself called "default". Rename it there, and choose again.`,
    )
  }
  write({ ...profiles, default: name }, profilesPath(environment))
}

function known(name: string, environment: Environment): Readonly<Record<string, StoredProfile | string>> {
  const profiles = readProfiles(environment)
  if (typeof profiles[name] === 'object') return profiles
  const names = Object.keys(profiles).filter((each) => typeof profiles[each] === 'object')
  throw new ConfigurationError(
    `There is no profile "${name}". ${names.length === 0 ? 'Store one with tenantlab login.' : `Known: ${names.join(', ')}.`}`,
  )
}

function intoKeyring(name: string, secret: string, environment: Environment): string | undefined {
  const keyring = systemKeyring(environment)
  if (keyring === undefined) return undefined
  try {
    keyring.write(name, secret)
    return keyring.name
  } catch (error) {
    // A keyring that is locked or not running is as good as none; the caller tells where the secret went.
    if (error instanceof ConfigurationError) return undefined
    throw error
  }
}

function write(profiles: Readonly<Record<string, StoredProfile | string>>, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeWhole(
    path,
    `${JSON.stringify(profiles, null, 2)}
`,
  )
}

function only<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>
}
