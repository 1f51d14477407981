import type { Flow, Plan } from '../plan/index.ts'
import type { Client, DefaultTokenQuota, Organization, TenantSettings } from './generated/types.ts'

export type * from './job-words.ts'
export type * from './network-acl-words.ts'
export type * from './user-words.ts'

/**
 * How many access tokens the client-credentials grant may issue. At least one of the two windows must be given.
 *
 * @example
 * auth0.clients(tenant.options.clientId).quota({ perDay: 200, perHour: 20, enforce: false }).run()
 */
export interface TokenQuota {
  /** Tokens per UTC day, 1…2147483647. */
  readonly perDay?: number
  /** Tokens per UTC hour, 1…2147483647. */
  readonly perHour?: number
  /** `false`: count and warn, never refuse. The server enforces when this is left out. */
  readonly enforce?: boolean
}

/** Words of the tenant itself: `auth0.tenant()`. */
export interface TenantWords {
  /**
   * Default token quotas of the tenant. Scope: read:tenant_settings or update:tenant_settings.
   * https://auth0.com/docs/fine-grained-m2m-token-quotas
   *
   * @example
   * auth0.tenant().quotas().get().run()
   */
  quotas(): TenantQuotas
}

/** Default quotas for clients and for organizations; both words chain into one PATCH. */
export interface TenantQuotas {
  /**
   * Quota of every client without one of its own; `null` clears it.
   *
   * @example
   * auth0.tenant().quotas().clients({ perDay: 200 }).run()
   */
  clients(quota: TokenQuota | null): TenantQuotasPlan
  /**
   * Quota of every organization without one of its own; `null` clears it.
   *
   * @example
   * auth0.tenant().quotas().organizations({ perHour: 20 }).run()
   */
  organizations(quota: TokenQuota | null): TenantQuotasPlan
  /**
   * Reads the present defaults.
   *
   * @example
   * auth0.tenant().quotas().get().run()
   */
  get(): Plan<DefaultTokenQuota>
}

/** One PATCH of the tenant settings; `default_token_quota` is replaced whole. */
export interface TenantQuotasPlan extends Plan<TenantSettings> {
  clients(quota: TokenQuota | null): TenantQuotasPlan
  organizations(quota: TokenQuota | null): TenantQuotasPlan
  /**
   * Reads the present defaults first and keeps the level that was not named.
   *
   * @example
   * auth0.tenant().quotas().clients({ perDay: 200 }).keepRest().run()
   */
  keepRest(): Flow<TenantSettings>
}

/** Words of one client: `auth0.clients(id)`. */
export interface ClientWords {
  /**
   * Token quota of this client; `null` clears it, so that the tenant's default counts. Scope: update:clients.
   *
   * @example
   * auth0.clients(tenant.options.clientId).quota({ perDay: 200 }).run()
   */
  quota(quota: TokenQuota | null): Plan<Client>
}

/** Words of one organization: `auth0.organizations(id)`. */
export interface OrganizationWords {
  /**
   * Token quota of this organization; `null` clears it. Scope: update:organizations.
   *
   * @example
   * auth0.organizations(tenant.seed.organizations[0]?.id ?? '').quota({ perDay: 200 }).run()
   */
  quota(quota: TokenQuota | null): Plan<Organization>
}

/** A write that replaces what it names whole: an object that is sent replaces the object that was there. */
export interface ReplacingPlan<T> extends Plan<T> {
  /**
   * Reads what is there now and sends it with the write laid over it, one level deep, so that what the write does not
   * name stays. Scope: that of the read as well.
   *
   * @example
   * const [database] = await auth0.connections.list().all().run()
   * if (database) await auth0.connections(database.id).update({ options: { brute_force_protection: true } }).keepRest().run()
   */
  keepRest(): Flow<T>
}

/** A deployment of an action. */
export interface ActionDeployPlan<T> extends Plan<T> {
  /**
   * Waits until the action is built, then deploys it; before, Auth0 refuses. Scope: read:actions as well.
   *
   * @example
   * // not run: needs an action
   * auth0.actions('act_1').deploy().whenBuilt().run()
   */
  whenBuilt(options?: BuildPolling): Flow<T>
}

/**
 * How often `whenBuilt()` asks, and for how long.
 *
 * @example
 * // not run: needs an action
 * auth0.actions('act_1').deploy().whenBuilt({ every: 500, timeout: 60_000 }).run()
 */
export interface BuildPolling {
  /** Milliseconds between two reads; 1000 when left out. */
  readonly every?: number
  /** Milliseconds after which it gives up; 120 000 when left out. */
  readonly timeout?: number
}
