import type { JsonObject } from '../../../plan/index.ts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The texts of a list field of an application or of the tenant. */
export function listed(owner: JsonObject | undefined, field: string): readonly string[] {
  const value = owner?.[field]
  return Array.isArray(value) ? value.map(String) : []
}

/**
 * Whether a list of allowed URLs covers an address. An entry may begin its host with `*.`, which stands for one label;
 * `{organization_name}` stands for the organization's name; a loopback entry without a port covers every port, as a
 * native application listens on a free one.
 * @param ignoreQuery true for logout, where query and fragment do not count
 */
export function isAllowed(
  allowed: readonly string[],
  address: string,
  { ignoreQuery = false, organization = '' }: { readonly ignoreQuery?: boolean; readonly organization?: string } = {},
): boolean {
  const wanted = ignoreQuery ? withoutQuery(address) : address
  return allowed
    .map((entry) => entry.replaceAll('{organization_name}', organization || '{organization_name}'))
    .some((entry) => {
      const known = ignoreQuery ? withoutQuery(entry) : entry
      return known === wanted || fitsWildcard(known, wanted) || fitsLoopback(known, wanted)
    })
}

function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '')
}

function fitsWildcard(entry: string, address: string): boolean {
  const [scheme, rest, ...more] = entry.split('*.')
  if (more.length > 0 || scheme === undefined || rest === undefined || !/^https?:\/\/$/.test(scheme)) return false
  if (!rest.includes('.') || !address.startsWith(scheme)) return false
  const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?\./i.exec(address.slice(scheme.length))?.[0]
  return label !== undefined && address.slice(scheme.length + label.length) === rest
}

function fitsLoopback(entry: string, address: string): boolean {
  const [known, wanted] = [urlOf(entry), urlOf(address)]
  if (!known || !wanted || known.protocol !== 'http:' || known.port !== '') return false
  if (!LOOPBACK.has(known.hostname) || wanted.username !== '' || wanted.password !== '') return false
  wanted.port = ''
  return wanted.href === known.href
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** The origin of an address, or its scheme where it has none (`com.example.app:`). */
export function originOf(address: string): string {
  const url = urlOf(address)
  if (!url) return ''
  return url.origin === 'null' ? url.protocol : url.origin
}

/** Whether an application lets pages of an origin talk to the tenant: by its own lists, or by where logins return. */
export function allowsOrigin(client: JsonObject, origin: string): boolean {
  const origins = [...listed(client, 'web_origins'), ...listed(client, 'allowed_origins')]
  return isAllowed(origins, origin) || listed(client, 'callbacks').some((each) => originOf(each) === origin)
}
