import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { nearest } from '../catalogue/index.ts'
import { ConfigurationError, isJsonObject } from '../plan/index.ts'

/** Connection data that is kept under a name. */
export interface Profile {
  readonly domain: string
  readonly tenantDomain?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly audience?: string
  readonly organization?: string
  readonly customDomain?: string
  readonly writes?: 'allow' | 'deny' | 'predict'
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
]

type Environment = Readonly<Record<string, string | undefined>>

/** Where profiles are kept: `${XDG_CONFIG_HOME:-~/.config}/tenantlab/profiles.json`. */
export function profilesPath(environment: Environment): string {
  const home = environment.XDG_CONFIG_HOME
  return join(home === undefined || home === '' ? join(homedir(), '.config') : home, 'tenantlab', 'profiles.json')
}

/**
 * A stored profile.
 *
 * @returns `undefined` when there is no file, or no profile of this name and `required` is false.
 * @throws ConfigurationError when others may read the file, or it is not what it must be.
 */
export function readProfile(name: string, environment: Environment, required: boolean): Profile | undefined {
  const path = profilesPath(environment)
  const text = readPrivately(path)
  const profiles = text === undefined ? {} : parse(text, path)
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile === undefined) {
    if (!required) return undefined
    const names = Object.keys(profiles)
    const near = nearest(name, names)
    const known = names.length === 0 ? 'There are none.' : `Known: ${names.join(', ')}.`
    throw new ConfigurationError(
      `There is no profile "${name}" in ${path}. ${near === undefined ? known : `Did you mean "${near}"?`} Add it as ` +
        `{ "${name}": { "domain": "…", "clientId": "…", "clientSecret": "…" } }, with mode 0600.`,
    )
  }
  return check(profile, name, path)
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

function check(profile: unknown, name: string, path: string): Profile {
  const place = `The profile "${name}" in ${path}`
  if (!isJsonObject(profile)) throw new ConfigurationError(`${place} must be an object with "domain". Correct it.`)
  for (const [key, value] of Object.entries(profile)) {
    if (!MEMBERS.includes(key)) {
      const near = nearest(key, MEMBERS)
      throw new ConfigurationError(
        `${place} has a member "${key}" that means nothing. ` +
          (near === undefined ? `Known: ${MEMBERS.join(', ')}.` : `Did you mean "${near}"?`),
      )
    }
    if (typeof value !== 'string' || value === '') {
      throw new ConfigurationError(`${place} needs a text for "${key}". Correct it, or take the member out.`)
    }
  }
  if (profile.domain === undefined) throw new ConfigurationError(`${place} lacks "domain". Add the tenant's domain.`)
  return profile as unknown as Profile
}
