import { ConfigurationError } from '../../plan/index.ts'
import { readProfile } from '../../profiles/index.ts'
import { type Sandbox, sandbox } from '../../sandbox/index.ts'
import { type ConnectOptions, connect, type Session } from '../../session/index.ts'
import { numberOf, textOf, textsOf, type Words } from './words.ts'

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
  values: Words['values'],
  writes: 'allow' | 'check',
  allowed: readonly string[] | undefined,
): Promise<Targets> {
  const common: ConnectOptions = { writes, ...budgetOf(values) }
  if (values.sandbox === true) {
    const tenant: Sandbox = await sandbox()
    return { sessions: [connect({ ...tenant.options, ...common })], close: () => tenant.close() }
  }
  const profile = textOf(values, 'profile')
  const named = textsOf(values, 'tenant')
  const names = named.length > 0 ? named : profile !== undefined ? [profile] : (allowed ?? [undefined])
  const sessions = [...new Set(names)].map((name) => openOne(name, common, allowed))
  return { sessions, close: () => Promise.resolve() }
}

function openOne(name: string | undefined, common: ConnectOptions, allowed: readonly string[] | undefined): Session {
  const session =
    name === undefined
      ? connect(common)
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

export function unknownTenant(name: string): ConfigurationError {
  return new ConfigurationError(
    `There is no profile "${name}", and AUTH0_DOMAIN is not ${name}. Store a profile with tenantlab login --name ${name}, or set AUTH0_DOMAIN.`,
  )
}

/** `connect()`'s rate limit for `--max-rate` and `--leave-headroom`. */
export function budgetOf(values: Words['values']): Pick<ConnectOptions, 'rateLimit'> {
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
  throw new ConfigurationError(
    `--leave-headroom takes a share from 0% to below 100%, such as 30%, not "${text}". Correct it.`,
  )
}
