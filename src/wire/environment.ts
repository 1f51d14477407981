/** What a plan needs to become a request: the session's own part of it. No secret is among it. */
export interface WireEnvironment {
  /** Host, with port where it is not 443: `tenant.eu.auth0.com`, `login.example.com`, `localhost:4443`. */
  readonly domain: string
  /** The tenant's own domain, when `domain` is a custom one. */
  readonly tenantDomain?: string
  /** Audience of the Management API. */
  readonly audience: string
  /** True where no stage of the session takes the custom domain's header off, so that it rides on every request. */
  readonly keepsCustomDomain?: boolean
  /** The session's custom domain, for the `Auth0-Custom-Domain` header. */
  readonly customDomain?: string
  /** Value of the `Auth0-Client` header, as `telemetry()` gives it; no header when left out. */
  readonly telemetry?: string
  /** Version of this package, for `user-agent`. */
  readonly version?: string
  /** The session's application, when it has one. */
  readonly client?: { readonly clientId: string }
}

/** Value of the `Auth0-Client` header: base64url JSON that names this package, its version and Node's. */
export function telemetry(version: string): string {
  const content = { name: 'tenantlab', version, env: { node: process.versions.node } }
  return Buffer.from(JSON.stringify(content)).toString('base64url')
}
