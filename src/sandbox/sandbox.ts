import type { Sandbox, SandboxOptions } from './types.ts'

/**
 * Starts a local tenant that speaks Auth0's Authentication, MFA and Management API over real HTTP and HTTPS sockets on
 * loopback. Connect to it with `connect(tenant.options)`, and end it with `close()`.
 *
 * What the tenant is made of is loaded by the first call, not by the import.
 *
 * @param options everything is optional; see `SandboxOptions`
 * @returns the running tenant
 * @throws when a port that was asked for is taken, or an option makes no sense
 * @example
 * const tenant = await sandbox({ seed: 'docs' })
 * const auth0 = connect(tenant.options)
 * await auth0.users.list().run()
 * await tenant.close()
 */
export async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { startTenant } = await import('./start.ts')
  return startTenant(options)
}
