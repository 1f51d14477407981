import { meantSentence, nearest } from '../../catalogue/index.ts'
import { connect } from '../../connect/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import { listProfiles, readProfile } from '../../profiles/index.ts'
import { type Sandbox, sandbox } from '../../sandbox/index.ts'
import type { ConnectOptions, Session } from '../../session/index.ts'
import { MisuseError, numberOf, openNamed, textOf, textsOf, type Values } from '../words/index.ts'

/** The tenants of a command, and what must be closed after it. */
export interface Targets {
  readonly sessions: readonly Session[]
  close(): Promise<void>
}

/**
 * Connects with every tenant that the command names, or with the one of the environment.
 *
 * @param allowed what the runbook says that it is for.
 * @throws ConfigurationError for a tenant that is not known or that the runbook is not for.
 */
export async function openTargets(
  values: Values,
  writes: 'allow' | 'check',
  allowed: readonly string[] | undefined,
): Promise<Targets> {
  const common: ConnectOptions = { writes, ...budgetOf(values) }
  const names = namedTenants(values)
  if (values.sandbox === true) {
    const tenant: Sandbox = await sandbox()
    return { sessions: [connect({ ...tenant.options, ...common })], close: () => tenant.close() }
  }
  const wanted = names.length > 0 ? names : (allowed ?? [undefined])
  const sessions = wanted.map((name) => openOne(name, common, allowed))
  return { sessions, close: () => Promise.resolve() }
}

function openOne(name: string | undefined, common: ConnectOptions, allowed: readonly string[] | undefined): Session {
  const session =
    name === undefined
      ? openNamed('AUTH0_DOMAIN', () => connect(common))
      : readProfile(name, process.env, false) !== undefined
        ? connect({ ...common, profile: name })
        : fromEnvironment(name, common)
  if (allowed !== undefined && !allowed.includes(session.domain) && (name === undefined || !allowed.includes(name))) {
    throw new ConfigurationError(
      `The runbook is for ${allowed.join(', ')}, and not for ${name ?? session.domain}. Nothing was sent.`,
    )
  }
  return session
}

function fromEnvironment(name: string, common: ConnectOptions): Session {
  if (process.env.AUTH0_DOMAIN === name) return connect(common)
  throw unknownTenant(name)
}

/** A session that only reads, with the tenant of this domain; nothing where no profile and no variable leads to it. */
export function otherTenant(domain: string): Session | undefined {
  const profile = listProfiles(process.env).find((each) => each.domain === domain)
  if (profile !== undefined) return connect({ profile: profile.name, writes: 'deny' })
  return process.env.AUTH0_DOMAIN === domain ? connect({ writes: 'deny' }) : undefined
}

/** What to say of a tenant that nobody knows. */
export function unknownTenant(name: string): MisuseError {
  const known = listProfiles(process.env).flatMap((profile) => [profile.name, profile.domain])
  const near = nearest(name, [...known, process.env.AUTH0_DOMAIN ?? ''])
  const otherwise = `Store it with tenantlab login --name ${name}, or set AUTH0_DOMAIN. tenantlab tenants lists those that are stored.`
  const hint = meantSentence(near === '' ? undefined : near, otherwise, (each) => each)
  return new MisuseError(
    `There is no stored tenant "${name}", and AUTH0_DOMAIN is not ${name}. Nothing was sent. ${hint}`,
  )
}

/**
 * The tenants that the options name, each once.
 *
 * @throws MisuseError where they name different ones in two ways.
 */
export function namedTenants(values: Values): readonly string[] {
  const named = [...new Set(textsOf(values, 'tenant'))]
  const profile = textOf(values, 'profile')
  if (values.sandbox === true && (named.length > 0 || profile !== undefined)) {
    throw new MisuseError(
      `--sandbox asks for an embedded tenant, and ${profile === undefined ? '--tenant' : '--profile'} for ${profile ?? named.join(', ')}. Give one of them. Nothing was sent.`,
    )
  }
  if (profile === undefined) return named
  if (named.some((name) => name !== profile)) {
    throw new MisuseError(
      `--profile ${profile} and --tenant ${named.join(', ')} differ. Give one of them. Nothing was sent.`,
    )
  }
  return [profile]
}

/** `connect()`'s rate limit for `--max-rate` and `--leave-headroom`. */
export function budgetOf(values: Values): Pick<ConnectOptions, 'rateLimit'> {
  const rate = numberOf(values, 'max-rate')
  const headroom = headroomOf(textOf(values, 'leave-headroom'))
  if (rate === undefined && headroom === undefined) return {}
  // Without a rate only the server's own headers bind, less what is left to others.
  const ceiling =
    rate === undefined ? { burst: 1000, perSecond: 1000 } : { burst: Math.max(1, Math.floor(rate)), perSecond: rate }
  return { rateLimit: { ...ceiling, ...(headroom !== undefined && { headroom }) } }
}

function headroomOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  const share = number === undefined ? Number.NaN : Number(number) / (percent === '%' ? 100 : 1)
  if (share >= 0 && share < 1) return share
  throw new MisuseError(`--leave-headroom takes a share from 0% to below 100%, such as 30%, not "${text}". Correct it.`)
}
