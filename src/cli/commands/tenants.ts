import { chooseProfile, type ListedProfile, listProfiles, removeProfile } from '../../profiles/index.ts'
import type { Command } from '../command.ts'

/** `tenantlab tenants`: the stored tenants; chooses one, or takes one away. */
export const tenantsCommand: Command = {
  name: 'tenants',
  usage: 'tenants [use NAME | remove NAME]',
  summary: 'Lists the stored tenants; chooses the one that is taken when none is named, or takes one away.',
  options: { json: { type: 'boolean' } },
  help: { json: 'one line of JSON per tenant' },
  async run({ args, options, write }) {
    const [verb, name, ...rest] = args
    if (verb === undefined) {
      for (const line of listed(listProfiles(process.env), options.json === true)) write(line)
      return 0
    }
    if ((verb !== 'use' && verb !== 'remove') || name === undefined || rest.length > 0) {
      throw new Error('tenantlab tenants lists; "use NAME" chooses one and "remove NAME" takes one away.')
    }
    if (verb === 'use') {
      chooseProfile(name, process.env)
      write(`${name} is taken where no tenant is named.`)
    } else {
      removeProfile(name, process.env)
      write(`${name} and its secret are gone from this machine. Its application and tokens at Auth0 are not touched.`)
    }
    return 0
  },
}

function listed(profiles: readonly ListedProfile[], json: boolean): readonly string[] {
  if (json) return profiles.map((profile) => JSON.stringify(profile))
  if (profiles.length === 0) return ['No tenant is stored. tenantlab login stores one.']
  const rows = profiles.map((profile) => [
    `${profile.chosen ? '*' : ' '} ${profile.name}`,
    profile.domain,
    profile.environment ?? '',
    profile.login,
    profile.secret === 'none' ? '' : `secret in ${profile.secret === 'file' ? 'the file' : 'the keyring'}`,
  ])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
