import { isJsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import type { Core } from '../../core.ts'
import type { Connection } from '../../tenant/index.ts'

/** How the login page offers a connection. */
export type Offer = 'database' | 'passwordless' | 'social'

/** What kind of login a connection is; enterprise and social ones are stood in for alike. */
export function offerOf(connection: Connection): Offer {
  const { strategy } = connection
  if (strategy === 'auth0') return 'database'
  return strategy === 'email' || strategy === 'sms' ? 'passwordless' : 'social'
}

/** Connections that an application may use, in an organization only those that it has enabled. */
export function connectionsFor(
  core: Core,
  clientId: string,
  organizationId: string | undefined,
): readonly Connection[] {
  const all = [...core.tables.connections.values()].filter(
    (each) =>
      each.$disabled !== true && (!Array.isArray(each.$clients) || each.$clients.map(String).includes(clientId)),
  )
  if (organizationId === undefined) return all
  const enabled = [...collection(core.tables, 'organization-connections').values()]
    .filter((each) => each.organization_id === organizationId)
    .map((each) => each.connection_id)
  const own = all.filter((each) => enabled.includes(String(each.id)))
  return own.length > 0 ? own : all
}

/** Whether people may sign up in a connection by themselves. */
export function allowsSignup(connection: Connection): boolean {
  return !(isJsonObject(connection.options) && connection.options.disable_signup === true)
}

/** What people call a connection. */
export function displayName(connection: Connection): string {
  const { display_name, name, strategy } = connection
  if (typeof display_name === 'string' && display_name !== '') return display_name
  const known: Readonly<Record<string, string>> = {
    'google-oauth2': 'Google',
    facebook: 'Facebook',
    github: 'GitHub',
    apple: 'Apple',
    windowslive: 'Microsoft',
    linkedin: 'LinkedIn',
    email: 'e-mail',
    sms: 'text message',
  }
  return known[String(strategy)] ?? String(name)
}
