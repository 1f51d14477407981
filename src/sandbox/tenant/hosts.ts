import type { Tables } from './tables.ts'

/** A host of the tenant as a request used it. */
export interface Host {
  /** `network` is an address or name by which other machines reach a tenant that does not listen on loopback alone. */
  readonly kind: 'canonical' | 'custom' | 'loopback' | 'network'
  /** Name and port, as they stand in URLs. */
  readonly authority: string
  /** Name alone. */
  readonly name: string
}

/** Identifier of the tenant's Management API. */
export function managementAudience(domain: string): string {
  return `https://${domain}/api/v2/`
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** True for a custom domain that has passed verification. */
export function isVerified(customDomain: { readonly status?: unknown } | undefined): boolean {
  return customDomain?.status === 'ready'
}

/** The verified custom domains of a tenant. */
export function verifiedDomains(tables: Tables): readonly string[] {
  return [...tables.customDomains.values()].filter(isVerified).map((record) => String(record.domain))
}

/** How a tenant may be reached from other machines: by address, where it listens on one, and by these names. */
export interface Reach {
  readonly byAddress: boolean
  readonly names: readonly string[]
}

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/

/** Which host of the tenant an authority (`name` or `name:port`) is; `undefined` for a stranger. */
export function hostOf(authority: string, domain: string, tables: Tables, reach: Reach): Host | undefined {
  const lower = authority.toLowerCase()
  const name = lower.replace(/:\d+$/, '')
  if (name === domain) return { kind: 'canonical', authority: lower, name }
  if (LOOPBACK.test(name)) return { kind: 'loopback', authority: lower, name }
  if (reach.names.includes(name) || (reach.byAddress && ADDRESS.test(name)))
    return { kind: 'network', authority: lower, name }
  return verifiedDomains(tables).includes(name) ? { kind: 'custom', authority: lower, name } : undefined
}
