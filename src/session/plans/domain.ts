import { meantSentence } from '../../catalogue/index.ts'
import { ConfigurationError } from '../../plan/index.ts'

const LABEL = '[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?'
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*\\.?|\\[[0-9a-f:]+\\])(?::([0-9]{1,5}))?$`)
const DASHBOARD = /^(?:https?:\/\/)?manage\.auth0\.com\/dashboard\/([a-z]{2}(?:-[0-9])?)\/([a-z0-9-]+)/i

/**
 * A domain in its plain form: `host` or `host:port`, lower case.
 *
 * @param where the option or variable that the value came from, for the message.
 * @throws ConfigurationError with the nearest right value.
 */
export function checkDomain(value: unknown, where: string): string {
  const example = 'such as my-tenant.eu.auth0.com'
  if (typeof value !== 'string' || value.trim() === '') {
    throw new ConfigurationError(
      `${where} must be a domain ${example}, not ${describe(value)}. Pass the domain of the tenant.`,
    )
  }
  const plain = value.toLowerCase()
  const port = HOST.exec(plain)?.[1]
  const host = plain.replace(/:[0-9]+$/, '')
  const complete = host.includes('.') || host === 'localhost' || host.startsWith('[')
  if (HOST.test(plain) && complete && (port === undefined || Number(port) <= 65_535) && host !== 'manage.auth0.com') {
    return plain.replace(/\.(?=:|$)/, '')
  }
  const near = suggestion(value)
  throw new ConfigurationError(
    `${where} must be a domain without scheme and path ${example}, not "${shown(value)}". ` +
      meantSentence(near, "Copy it from the application's settings page."),
  )
}

/**
 * A domain for the `Auth0-Custom-Domain` header: 3 to 255 characters, no scheme, no port.
 *
 * @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains
 */
export function checkCustomDomain(value: unknown, where: string): string {
  const plain = checkDomain(value, where)
  if (plain.length < 3 || plain.length > 255 || plain.includes(':')) {
    throw new ConfigurationError(
      `${where} must be a domain of 3 to 255 characters without a port, not "${shown(plain)}". List the tenant's domains ` +
        'with auth0.customDomains.list().',
    )
  }
  return plain
}

function suggestion(value: string): string | undefined {
  const dashboard = DASHBOARD.exec(value)
  if (dashboard !== null) return `${dashboard[2]}.${dashboard[1]}.auth0.com`.toLowerCase()
  const bare = value
    .trim()
    .toLowerCase()
    .replace(/^[a-z][a-z0-9+.-]*:\/*/, (scheme) => (/^[a-z0-9.-]+:$/.test(scheme) ? scheme : ''))
    .replace(/^[^@/]*@/, '')
    .replace(/[/?#\s].*$/, '')
  if (!HOST.test(bare) || bare === 'manage.auth0.com') return undefined
  return bare.includes('.') || bare.startsWith('localhost') ? bare : `${bare}.auth0.com`
}

function describe(value: unknown): string {
  if (value === undefined) return 'left out'
  return typeof value === 'string' ? 'an empty text' : `a ${value === null ? 'null' : typeof value}`
}

/** User information in a URL is a credential, and a long text is no domain. */
function shown(value: string): string {
  return value.replace(/\/\/[^@/]*@/, '//…@').slice(0, 100)
}
