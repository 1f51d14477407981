import { meantSentence, nearest } from '../../catalogue/index.ts'
import { width } from '../../display/index.ts'
import { chooseProfile, type ListedProfile, listProfiles, removeProfile } from '../../profiles/index.ts'
import { type Command, MisuseError } from '../words/index.ts'

/** `tenantlab tenants`: the stored tenants; chooses one, or removes one. */
export const command: Command = {
  usage: '[use NAME | remove NAME] [--json]',
  about:
    'Lists the stored tenants. "use NAME" chooses the one that is taken when none is named; "remove NAME" removes one ' +
    'and its secret from this machine, and touches nothing at Auth0.',
  takes: [
    { name: 'use|remove', optional: true },
    { name: 'NAME', optional: true },
  ],
  options: { json: { type: 'boolean', help: 'one line of JSON per tenant' } },
  exits: [0, 1, 64],
  examples: ['tenantlab tenants', 'tenantlab tenants use staging'],
  async run({ read, write }) {
    const {
      words: [verb, name],
      values,
    } = read()
    if (verb === undefined) {
      for (const line of listed(listProfiles(process.env), values.json === true)) write(line)
      return 0
    }
    if ((verb === 'use' || verb === 'remove') && name === undefined)
      throw new MisuseError(
        `tenantlab tenants ${verb} needs the NAME of a stored tenant; tenantlab tenants lists them.`,
      )
    if ((verb !== 'use' && verb !== 'remove') || name === undefined) {
      const near = nearest(verb, ['use', 'remove'])
      const hint =
        name !== undefined && near !== undefined ? ` ${meantSentence(near, '', (each) => `"${each} ${name}"`)}` : ''
      throw new MisuseError(`tenantlab tenants lists; "use NAME" chooses one and "remove NAME" removes one.${hint}`)
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
  const columns = rows[0]?.map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? '')))) ?? []
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((columns[column] ?? 0) - width(cell)))
      .filter((_, column) => columns[column] !== 0)
      .join('  ')
      .trimEnd(),
  )
}
