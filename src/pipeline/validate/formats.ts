/** How a format is checked, and how a message names it. */
export interface Format {
  readonly rule: string
  test(text: string): boolean
}

const cidr = (isAddress: (text: string) => boolean, bits: number) => (text: string) => {
  const [address = '', prefix = '', rest] = text.split('/')
  return rest === undefined && isAddress(address) && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
}

// Sockets come with it, which importing the package needs none of.
const isIPv4 = (text: string): boolean => process.getBuiltinModule('node:net').isIPv4(text)
const isIPv6 = (text: string): boolean => process.getBuiltinModule('node:net').isIPv6(text)

/**
 * The formats that are checked before sending: the common ones, no stricter than the server. Auth0's own (ids, forms
 * expressions, URLs with placeholders) are the server's to judge.
 */
export const formats: ReadonlyMap<string, Format> = new Map([
  ['email', { rule: 'must be an e-mail address', test: (text) => /^[^\s@]+@[^\s@]+$/.test(text) }],
  ['ipv4', { rule: 'must be an IPv4 address', test: isIPv4 }],
  ['ipv6', { rule: 'must be an IPv6 address', test: isIPv6 }],
  ['cidr', { rule: 'must be an IPv4 range such as 203.0.113.0/24', test: cidr(isIPv4, 32) }],
  ['ipv6_cidr', { rule: 'must be an IPv6 range such as 2001:db8::/32', test: cidr(isIPv6, 128) }],
  ['uuid', { rule: 'must be a UUID', test: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) }],
  ['uri', { rule: 'must be a URL', test: (text) => URL.canParse(text) }],
  ['date-time', { rule: 'must be a date and time such as 2026-01-31T12:00:00Z', test: isDateTime }],
  ['non-empty-string', { rule: 'must not be empty', test: (text) => text !== '' }],
])

function isDateTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text))
}
