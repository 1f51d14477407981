import type { SandboxOptions } from './types.ts'

/** What each option takes, as its refusal says it. */
const RULES: { readonly [name in keyof Required<SandboxOptions>]: readonly [(value: unknown) => boolean, string] } = {
  domain: [isAny, ''],
  clientId: [isAny, ''],
  clientSecret: [isAny, ''],
  data: [isText, 'the path of a folder'],
  from: [isAny, ''],
  seed: [(value) => isText(value) || typeof value === 'number', 'a text or a number'],
  clock: [isAny, ''],
  lag: [isObject, 'an object such as { search: "2s" }'],
  unknown: [(value) => value === 'pass' || value === 'refuse', "'pass' or 'refuse'"],
  signInByLoginHint: [isBoolean, 'true or false'],
  users: [(value) => Array.isArray(value) || isCount(value), 'a whole number, 0 or more, or a list of users'],
  empty: [isBoolean, 'true or false'],
  days: [isCount, 'a whole number, 0 or more'],
  latency: [(value) => typeof value === 'number' && value >= 0 && value < Infinity, 'a number of milliseconds'],
  rateLimit: [isLimit, 'free, essentials, enterprise, enterprise-dev, or { burst, perSecond }, whole numbers above 0'],
  tls: [(value) => isBoolean(value) || isObject(value), 'true, false or { cert, key, ca }'],
  host: [isText, 'an address'],
  hostNames: [
    (value) => Array.isArray(value) && value.every(isHostName),
    'a list of host names without scheme and port, such as ["tenant", "tenant.example.com"]',
  ],
  adminToken: [isText, 'a text'],
  port: [isPort, 'a port from 0 to 65535'],
  httpPort: [isPort, 'a port from 0 to 65535'],
  defaultDomain: [(value) => value === null || isText(value), 'a domain, or null'],
}

/**
 * Refuses what `sandbox()` would not honour: an unknown name, and a value that it cannot take.
 *
 * @throws TypeError with the option and what it takes.
 */
export function checkOptions(options: SandboxOptions): void {
  for (const [name, value] of Object.entries(options) as [keyof SandboxOptions, unknown][]) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined
    if (rule === undefined) {
      throw new TypeError(`sandbox(): "${name}" is not an option. Options are ${Object.keys(RULES).join(', ')}.`)
    }
    const [fits, what] = rule
    if (value !== undefined && !fits(value)) throw new TypeError(`sandbox(): "${name}" must be ${what}.`)
  }
}

function isAny(): boolean {
  return true
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isHostName(value: unknown): boolean {
  return (
    typeof value === 'string' && /^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i.test(value)
  )
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0
}

function isPort(value: unknown): boolean {
  return isCount(value) && (value as number) <= 65_535
}

function isLimit(value: unknown): boolean {
  // Which plans there are is judged where their limits stand.
  if (isText(value)) return true
  if (!isObject(value)) return false
  const { authentication, ...bucket } = value
  return isBucket(bucket) && (authentication === undefined || isBucket(authentication))
}

function isBucket(value: unknown): boolean {
  if (!isObject(value)) return false
  const isAbove = (number: unknown): boolean => typeof number === 'number' && number > 0
  return (
    Object.keys(value).every((key) => key === 'burst' || key === 'perSecond') &&
    isAbove(value['burst']) &&
    isAbove(value['perSecond'])
  )
}
