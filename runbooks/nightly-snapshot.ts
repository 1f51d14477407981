// Reads the configuration of the tenant into a JSON file without secrets, and says what differs from the snapshot
// before. Sends reads only; --check says the differences and writes no file. With --fail-on-change a run that finds
// differences ends with exit code 1, after it has written the new snapshot.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineRunbook } from 'tenantlab/runbook'
import { z } from 'zod'

/** Members that hold secrets: the values of a custom database's settings have names of the tenant's own. */
const SECRET = /secret|passw|private|token$|credential|assertion|(api|signing|decryption|encryption)_?key$|^key$|^pem$/i
const PUBLIC =
  /^(password_policy|password_\w+_options|passwordPolicy|token_endpoint_auth_method)$|_lifetime(_in_seconds)?$/
const ALL_SECRET = /^(configuration|cname_api_key)$/
/** Members that change without anybody changing the configuration. */
const RESTLESS = /^(updated_at|last_used|last_login)$/
const HIDDEN = '«secret»'

type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A copy without secrets, with its members in order, so that equal configurations are equal texts. */
function shown(value: unknown, hide = false): Data {
  if (Array.isArray(value)) return value.map((item) => shown(item, hide))
  if (isObject(value)) {
    const kept = Object.keys(value).filter((key) => !RESTLESS.test(key) && value[key] !== undefined)
    const entries = kept.sort().map((key) => {
      const text = typeof value[key] === 'string' || Array.isArray(value[key])
      const secret = ALL_SECRET.test(key) || (text && SECRET.test(key) && !PUBLIC.test(key))
      return [key, shown(value[key], hide || secret)] as const
    })
    return Object.fromEntries(entries)
  }
  return hide && value !== null ? HIDDEN : (value as Data)
}

/** Records by their id: the order of a list says nothing. */
function byId<T extends object>(records: readonly T[], id: keyof T): Data {
  return shown(Object.fromEntries(records.map((record) => [String(record[id]), record])))
}

/** One line for each difference. */
function differences(before: Data | undefined, after: Data | undefined, path = ''): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    return keys.flatMap((key) =>
      differences(
        before[key] as Data | undefined,
        after[key] as Data | undefined,
        path === '' ? key : `${path}.${key}`,
      ),
    )
  }
  if (before === undefined) return [`+ ${path}: ${brief(after)}`]
  if (after === undefined) return [`- ${path}: ${brief(before)}`]
  return [`~ ${path}: ${brief(before)} → ${brief(after)}`]
}

function brief(value: Data | undefined): string {
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

/** The newest snapshot of a folder: their names are their times. */
function newest(folder: string): { readonly name: string; readonly configuration: Data } | undefined {
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const name = names
    .filter((each) => each.endsWith('.snapshot.json'))
    .sort()
    .at(-1)
  if (name === undefined) return undefined
  const { configuration } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { configuration: Data }
  return { name, configuration }
}

export default defineRunbook({
  name: 'nightly-snapshot',
  description: 'Reads the configuration into a JSON file without secrets, and says what differs from the one before.',
  params: z.object({
    folder: z.string().default('.tenantlab/snapshots').describe('where snapshots are kept, in a folder of the tenant'),
    failOnChange: z.boolean().default(false).describe('fail when something differs from the snapshot before'),
  }),
  async *steps({ auth0, params, step, tenant, check, say }) {
    const fresh = { volatile: true }
    const clients = yield* step('read clients', auth0.clients.list({}).all(), fresh)
    const connections = yield* step('read connections', auth0.connections.list({}).all(), fresh)
    const organizations = yield* step('read organizations', auth0.organizations.list({}).all(), fresh)
    const networkAcls = yield* step('read network ACLs', auth0.networkAcls.list().all(), fresh)
    const settings = yield* step('read settings', auth0.tenants.settings.get({}), fresh)
    const roles = yield* step('read roles', auth0.roles.list({}).all(), fresh)
    const domains = yield* step('read custom domains', auth0.customDomains.list().all(), fresh)
    const apis = yield* step('read APIs', auth0.resourceServers.list({}).all(), fresh)
    const grants = yield* step('read client grants', auth0.clientGrants.list({}).all(), fresh)
    const configuration: Data = {
      apis: byId(apis, 'id'),
      clientGrants: byId(grants, 'id'),
      clients: byId(clients, 'client_id'),
      connections: byId(connections, 'id'),
      customDomains: byId(domains, 'custom_domain_id'),
      networkAcls: byId(networkAcls, 'id'),
      organizations: byId(organizations, 'id'),
      roles: byId(roles, 'id'),
      settings: shown(settings),
    }
    const place = join(params.folder, tenant)
    const previous = newest(place)
    const changes = previous === undefined ? [] : differences(previous.configuration, configuration)
    if (previous === undefined) say('There is no earlier snapshot to compare with')
    else say(`${changes.length === 0 ? 'Nothing' : changes.length} changed since ${previous.name}`)
    for (const line of changes) say(line)
    const changed = `The configuration has changed since ${previous?.name}: ${changes.length} differences, shown above.`
    const fails = params.failOnChange && changes.length > 0
    if (check) {
      if (fails) throw new Error(`${changed} --check wrote no snapshot.`)
      return { changes }
    }
    const takenAt = new Date().toISOString()
    const path = join(place, `${takenAt.replaceAll(':', '-')}.snapshot.json`)
    mkdirSync(place, { recursive: true })
    writeFileSync(`${path}.part`, `${JSON.stringify({ version: 1, tenant, takenAt, configuration }, undefined, 2)}\n`, {
      mode: 0o600,
    })
    renameSync(`${path}.part`, path)
    say(`Written to ${path}`)
    if (fails) throw new Error(`${changed} The next run compares with ${path}.`)
    return { changes, path }
  },
})
