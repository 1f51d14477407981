import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { didYouMean } from '../catalogue/index.ts'
import { ConfigurationError } from '../plan/index.ts'
import { systemKeyring } from './keyring.ts'
import {
  accountOf,
  type Profile,
  profilesPath,
  readProfiles,
  SECRETS,
  type StoredProfile,
  secretsInKeyring,
} from './profiles.ts'
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
 * Keeps a profile under a name: its secrets in the system's keyring where there is one, else in a file of mode 0600. Where
 * there is one, the secrets of earlier profiles leave the file as well.
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
  const before = profiles[name]
  const { refreshToken, accessToken } = profile
  const login = refreshToken !== undefined ? 'device' : accessToken !== undefined ? 'token' : undefined
  const wanted: StoredProfile = { ...profile, ...(login !== undefined && { login }) }
  const moved = Object.entries(profiles).map(([each, stored]) => {
    const kept = typeof stored === 'string' || each === name ? stored : intoKeyring(each, stored, environment)
    return [each, kept] as const
  })
  const stored = intoKeyring(name, wanted, environment)
  if (typeof before === 'object') forget(name, before, stored, environment)
  const first = Object.keys(profiles).length === 0
  write({ ...Object.fromEntries(moved), [name]: stored, ...(first && { default: name }) }, path)
  for (const [each, kept] of moved) {
    const earlier = profiles[each]
    if (each !== name && typeof kept === 'object' && typeof earlier === 'object')
      forget(each, earlier, kept, environment)
  }
  const inFile = SECRETS.some((secret) => stored[secret] !== undefined)
  const keyring = stored.keyring === undefined ? undefined : systemKeyring(environment)?.name
  return {
    path,
    ...(keyring !== undefined && { keyring }),
    ...(inFile && {
      warning:
        `A secret is kept in ${path}, readable by you alone (mode 0600), and not encrypted.` +
        (systemKeyring(environment) === undefined
          ? " npm install @napi-rs/keyring beside tenantlab keeps it in the system's own store."
          : ''),
    }),
  }
}

/** Replaces the secret of a profile, as when the server has changed its refresh token. */
export function replaceRefreshToken(name: string, refreshToken: string, environment: Environment): void {
  const profiles = readProfiles(environment)
  const profile = profiles[name]
  if (typeof profile !== 'object') return
  const inKeyring = secretsInKeyring(profile, name).find(([secret]) => secret === 'refreshToken')
  if (inKeyring !== undefined) {
    systemKeyring(environment)?.write(inKeyring[1], refreshToken)
    return
  }
  write({ ...profiles, [name]: { ...profile, refreshToken } }, profilesPath(environment))
}

/**
 * The profile as the file holds it when its secrets are in the keyring, as far as that takes them: a keyring that is locked
 * or not running is as good as none.
 */
function intoKeyring(name: string, stored: StoredProfile, environment: Environment): StoredProfile {
  const keyring = systemKeyring(environment)
  const { keyring: listed, secretIn, ...open } = stored
  const secrets = [
    ...secretsInKeyring(stored, name).map(([secret, account]) => [secret, keyring?.read(account)] as const),
    ...SECRETS.map((secret) => [secret, stored[secret]] as const),
  ].filter(([, value]) => value !== undefined)
  if (keyring === undefined || secrets.length === 0) return stored
  const taken: string[] = []
  for (const [secret, value] of secrets) {
    try {
      keyring.write(accountOf(name, secret), value ?? '')
      taken.push(secret)
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
    }
  }
  // What the keyring did not take stays where it is.
  if (taken.length < secrets.length && secretIn !== undefined) return stored
  const rest = Object.fromEntries(Object.entries(open).filter(([member]) => !taken.includes(member)))
  const names = [...new Set([...(listed?.split(' ') ?? []), ...taken])]
  return { ...(rest as unknown as StoredProfile), ...(names.length > 0 && { keyring: names.join(' ') }) }
}

/** Takes out of the keyring what a profile had there and has no longer. */
function forget(name: string, before: StoredProfile, now: StoredProfile | undefined, environment: Environment): void {
  const kept = now === undefined ? [] : secretsInKeyring(now, name).map(([, account]) => account)
  for (const [, account] of secretsInKeyring(before, name))
    if (!kept.includes(account)) systemKeyring(environment)?.remove(account)
}

/** All profiles, without their secrets, in the order in which they were stored. */
export function listProfiles(environment: Environment): readonly ListedProfile[] {
  const profiles = readProfiles(environment)
  const chosen = typeof profiles.default === 'string' ? profiles.default : 'default'
  return Object.entries(profiles).flatMap(([name, profile]) => {
    if (typeof profile === 'string') return []
    const inFile = SECRETS.some((each) => profile[each] !== undefined)
    // What lies in the file is what has to be known.
    const secret = inFile ? 'file' : secretsInKeyring(profile, name).length > 0 ? 'keyring' : 'none'
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
  if (typeof profile === 'object') forget(name, profile, undefined, environment)
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
  const next = names.length === 0 ? 'Store one with tenantlab login.' : `Known: ${names.join(', ')}.`
  throw new ConfigurationError(`There is no profile "${name}". ${[didYouMean(name, names), next].join(' ').trim()}`)
}

function write(profiles: Readonly<Record<string, StoredProfile | string>>, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeWhole(
    path,
    `${JSON.stringify(profiles, null, 2)}
`,
  )
}
