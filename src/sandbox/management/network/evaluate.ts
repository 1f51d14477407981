import { BlockList, isIP } from 'node:net'
import type { JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import { listOf, numberOf, objectOf, stringOf } from '../records.ts'
import { countAcl } from './summary.ts'

/** What a network ACL can look at in a request. What is not known matches nothing. */
export interface AclRequest {
  readonly path: string
  /** Address of the client. */
  readonly ip?: string
  /** Address of the peer at the edge, such as a proxy; the client's unless given. */
  readonly connectingIp?: string
  /** Name of the host that was asked for (SNI); the `host` header's unless given. */
  readonly hostname?: string
  /** Headers with lower-case names; `user-agent` and `host` count. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** ISO 3166-1 alpha-2 code. */
  readonly country?: string
  /** ISO 3166-2 code. */
  readonly subdivision?: string
  readonly asn?: number
  readonly ja3?: string
  readonly ja4?: string
  /** Curated lists that the address is on (`auth0.tor`). */
  readonly managedLists?: readonly string[]
}

/** What the ACLs of a tenant decide about a request. */
export interface AclVerdict {
  readonly action: 'allow' | 'block' | 'redirect'
  /** Where a redirect leads. */
  readonly uri?: string
  /** Id of the ACL that decided; absent when none matched. */
  readonly acl?: string
}

/**
 * Decides about a request: active rules by ascending priority, the first that holds wins, rules in monitoring mode are
 * counted only, and a request that no rule matches passes.
 * Page: https://auth0.com/docs/secure/tenant-access-control-list/rule-evaluation
 */
export function evaluateNetworkAcls(tenant: Tenant, request: AclRequest): AclVerdict {
  const active = [...tenant.tables.networkAcls.values()]
    .filter((acl) => acl.active === true)
    .sort((a, b) => (numberOf(a.priority) ?? 0) - (numberOf(b.priority) ?? 0))
  for (const acl of active) {
    const rule = objectOf(acl.rule) ?? {}
    if (!covers(stringOf(rule['scope']) ?? '', request.path)) continue
    const holds = matches(rule, request)
    countAcl(tenant, acl, holds)
    const action = objectOf(rule['action']) ?? {}
    if (!holds || action['log'] === true) continue
    const id = stringOf(acl.id) ?? ''
    if (action['block'] === true) return { action: 'block', acl: id }
    if (action['redirect'] === true) return { action: 'redirect', uri: stringOf(action['redirect_uri']) ?? '', acl: id }
    return { action: 'allow', acl: id }
  }
  return { action: 'allow' }
}

function covers(scope: string, path: string): boolean {
  const management = /^\/(api\/v2|scim)(\/|$)/.test(path)
  if (scope === 'tenant') return true
  if (scope === 'management') return management
  if (scope === 'authentication') return !management
  return scope === 'dynamic_client_registration' && /^\/oidc\/register\/?$/.test(path)
}

function matches(rule: JsonObject, request: AclRequest): boolean {
  const match = objectOf(rule['match'])
  const notMatch = objectOf(rule['not_match'])
  if (match !== undefined && !fitsAll(match, request)) return false
  return notMatch === undefined || !signals(notMatch, request).some(([, fits]) => fits)
}

/** Signals are joined by AND, except that an IPv4 and an IPv6 list together count as one. */
function fitsAll(match: JsonObject, request: AclRequest): boolean {
  const results = new Map(signals(match, request))
  for (const prefix of ['', 'connecting_']) {
    const [four, six] = [results.get(`${prefix}ipv4_cidrs`), results.get(`${prefix}ipv6_cidrs`)]
    if (four === undefined || six === undefined) continue
    results.set(`${prefix}ipv4_cidrs`, four || six)
    results.set(`${prefix}ipv6_cidrs`, four || six)
  }
  return [...results.values()].every((fits) => fits)
}

function signals(match: JsonObject, request: AclRequest): readonly (readonly [string, boolean])[] {
  return Object.entries(match).map(([signal, values]) => [signal, fitsOne(signal, listOf(values), request)])
}

function fitsOne(signal: string, values: readonly unknown[], request: AclRequest): boolean {
  const among = (value: unknown): boolean => value !== undefined && values.includes(value)
  switch (signal) {
    case 'asns':
      return among(request.asn)
    case 'geo_country_codes':
      return among(request.country)
    case 'geo_subdivision_codes':
      return among(request.subdivision)
    case 'ja3_fingerprints':
      return among(request.ja3)
    case 'ja4_fingerprints':
      return among(request.ja4)
    case 'user_agents':
      return among(request.headers?.['user-agent'])
    case 'hostnames':
      return among((request.hostname ?? request.headers?.['host']?.replace(/:\d+$/, ''))?.toLowerCase())
    case 'auth0_managed':
      return values.some((value) => request.managedLists?.includes(String(value)) === true)
    case 'ipv4_cidrs':
    case 'ipv6_cidrs':
      return inNetworks(request.ip, values)
    case 'connecting_ipv4_cidrs':
    case 'connecting_ipv6_cidrs':
      return inNetworks(request.connectingIp ?? request.ip, values)
    default:
      return false
  }
}

function inNetworks(ip: string | undefined, networks: readonly unknown[]): boolean {
  // Node reports IPv4 peers of a dual-stack socket as IPv4-mapped IPv6 addresses.
  const address = ip?.replace(/^::ffff:(?=\d+\.)/i, '')
  if (address === undefined || isIP(address) === 0) return false
  const list = new BlockList()
  for (const network of networks) {
    const [base = '', length] = String(network).split('/')
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(base, length === undefined ? (family === 'ipv6' ? 128 : 32) : Number(length), family)
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
