import { readProfile } from '../../profiles/index.ts'
import { MisuseError, type Values } from '../words/index.ts'
import { namedTenants, unknownTenant } from './targets.ts'

/** What says which tenant `connect()` and `lab()` take where the code names none. */
const VARIABLES = [
  'AUTH0_DOMAIN',
  'AUTH0_CLIENT_ID',
  'AUTH0_CLIENT_SECRET',
  'AUTH0_PROFILE',
  'TENANTLAB_TENANT',
  'TENANTLAB_ALLOW_WRITES',
] as const

/**
 * Runs code whose own `connect()` and `lab()` take the tenant that the command names. A lab there still refuses writes,
 * unless `TENANTLAB_ALLOW_WRITES` is `1`; in a check they are predicted.
 *
 * @throws MisuseError for several tenants, and for one that is not known.
 */
export async function withTarget<T>(values: Values, check: boolean, work: () => Promise<T>): Promise<T> {
  const before = VARIABLES.map((name) => [name, process.env[name]] as const)
  choose(values, check)
  try {
    return await work()
  } finally {
    for (const [name, value] of before) set(name, value)
  }
}

function choose(values: Values, check: boolean): void {
  const [name, second] = namedTenants(values)
  if (second !== undefined) {
    throw new MisuseError(
      'A notebook or a script that connects itself is one program, which runs on one tenant at a time. Run it once for each: tenantlab run NOTEBOOK.ipynb --tenant NAME. Or make a runbook of it with tenantlab export, which runs on several.',
    )
  }
  if (values.sandbox === true) for (const variable of VARIABLES) set(variable, undefined)
  if (name === undefined || values.sandbox === true) return
  const domain = domainOf(name)
  set('TENANTLAB_TENANT', domain)
  if (check) set('TENANTLAB_ALLOW_WRITES', '1')
}

/** The domain of a profile, which is then the one of the environment, or of the environment itself. */
function domainOf(name: string): string {
  const profile = readProfile(name, process.env, false)
  if (profile === undefined) {
    if (process.env.AUTH0_DOMAIN === name) return name
    throw unknownTenant(name)
  }
  for (const variable of ['AUTH0_DOMAIN', 'AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET'] as const) set(variable, undefined)
  set('AUTH0_PROFILE', name)
  return profile.domain
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
