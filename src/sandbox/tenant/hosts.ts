import type { Tables } from '../contract.ts'

/** A host of the tenant as a request used it. */
export interface Host {
  readonly kind: 'canonical' | 'custom' | 'loopback'
  /** Name and port, as they stand in URLs. */
  readonly authority: string
  /** Name alone. */
  readonly name: string
}

/** Identifier of the tenant's Management API. */
export function managementAudience(domain: string): string {
  return `https://${domain}/api/v2/`
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** True for a custom domain that has passed verification. */
export function isVerified(customDomain: { readonly status?: unknown } | undefined): boolean {
  return customDomain?.status === 'ready'
}

/** The verified custom domains of a tenant. */
export function verifiedDomains(tables: Tables): readonly string[] {
  return [...tables.customDomains.values()].filter(isVerified).map((record) => String(record.domain))
}

/** Which host of the tenant an authority (`name` or `name:port`) is; `undefined` for a stranger. */
export function hostOf(authority: string, domain: string, tables: Tables): Host | undefined {
  const lower = authority.toLowerCase()
  const name = lower.replace(/:\d+$/, '')
  if (name === domain) return { kind: 'canonical', authority: lower, name }
  if (LOOPBACK.has(name)) return { kind: 'loopback', authority: lower, name }
  return verifiedDomains(tables).includes(name) ? { kind: 'custom', authority: lower, name } : undefined
}
