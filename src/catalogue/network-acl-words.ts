import type { Plan } from '../plan/index.ts'
import type { NetworkAcl, NetworkAclMatch, NetworkAclRule } from './generated/types.ts'

/** Words of the network ACLs: `auth0.networkAcls`. */
export interface NetworkAclWords {
  /**
   * Begins a rule; it ends in `.create()`, `.update(id)` or `.set(id)`.
   *
   * @example
   * auth0.networkAcls.rule().block().countries('AQ').scope('authentication').describe('Nobody from Antarctica').create()
   */
  rule(): NetworkAclRuleBuilder
}

/**
 * Builds a network ACL word by word; every word gives a new builder. Values within one signal are alternatives,
 * different signals must all hold.
 * https://auth0.com/docs/secure/tenant-access-control-list/reference
 */
export interface NetworkAclRuleBuilder {
  /**
   * Answers matching requests with a block page.
   *
   * @example
   * auth0.networkAcls.rule().block().ipv4('203.0.113.0/24')
   */
  block(): NetworkAclRuleBuilder
  /**
   * Lets matching requests through and ends evaluation.
   *
   * @example
   * auth0.networkAcls.rule().allow().ipv4('198.51.100.7')
   */
  allow(): NetworkAclRuleBuilder
  /**
   * Redirects matching requests. `uri`: 1…2000 characters.
   *
   * @example
   * auth0.networkAcls.rule().redirect('https://example.com/blocked').countries('AQ')
   */
  redirect(uri: string): NetworkAclRuleBuilder
  /**
   * Monitoring: counts matching requests and goes on.
   *
   * @example
   * auth0.networkAcls.rule().log().userAgents('curl')
   */
  log(): NetworkAclRuleBuilder
  /**
   * Signals that must match, added to those named before.
   *
   * @example
   * auth0.networkAcls.rule().block().matching({ geo_country_codes: ['AQ'] })
   */
  matching(signals: NetworkAclMatch): NetworkAclRuleBuilder
  /**
   * Signals that must not match.
   *
   * @example
   * auth0.networkAcls.rule().block().notMatching({ geo_country_codes: ['DE', 'AT'] })
   */
  notMatching(signals: NetworkAclMatch): NetworkAclRuleBuilder
  /**
   * ISO 3166-1 country codes.
   *
   * @example
   * auth0.networkAcls.rule().block().countries('AQ', 'BV')
   */
  countries(...codes: string[]): NetworkAclRuleBuilder
  /**
   * ISO 3166-2 codes.
   *
   * @example
   * auth0.networkAcls.rule().block().subdivisions('US-CA')
   */
  subdivisions(...codes: string[]): NetworkAclRuleBuilder
  /**
   * Addresses or CIDR ranges.
   *
   * @example
   * auth0.networkAcls.rule().block().ipv4('203.0.113.0/24')
   */
  ipv4(...ranges: string[]): NetworkAclRuleBuilder
  /**
   * Addresses or CIDR ranges.
   *
   * @example
   * auth0.networkAcls.rule().block().ipv6('2001:db8::/32')
   */
  ipv6(...ranges: string[]): NetworkAclRuleBuilder
  /**
   * Numbers of autonomous systems.
   *
   * @example
   * auth0.networkAcls.rule().block().asns(64496)
   */
  asns(...numbers: number[]): NetworkAclRuleBuilder
  /**
   * Words that the user agent contains.
   *
   * @example
   * auth0.networkAcls.rule().block().userAgents('BadBot')
   */
  userAgents(...agents: string[]): NetworkAclRuleBuilder
  /**
   * Compared with the name that the TLS client asked for.
   *
   * @example
   * auth0.networkAcls.rule().block().hostnames('old.example.com')
   */
  hostnames(...names: string[]): NetworkAclRuleBuilder
  /**
   * JA3 fingerprints of the TLS client.
   *
   * @example
   * auth0.networkAcls.rule().block().ja3('0123456789abcdef0123456789abcdef')
   */
  ja3(...fingerprints: string[]): NetworkAclRuleBuilder
  /**
   * JA4 fingerprints of the TLS client.
   *
   * @example
   * auth0.networkAcls.rule().block().ja4('t13d1516h2_8daaf6152771_b0da82dd1658')
   */
  ja4(...fingerprints: string[]): NetworkAclRuleBuilder
  /**
   * What the rule guards: `management`, `authentication`, `tenant` or `dynamic_client_registration`.
   *
   * @example
   * auth0.networkAcls.rule().block().countries('AQ').scope('authentication')
   */
  scope(scope: NetworkAclRule['scope']): NetworkAclRuleBuilder
  /**
   * 1…100, lower runs first; 50 when left out. Unique in the tenant.
   *
   * @example
   * auth0.networkAcls.rule().block().countries('AQ').priority(10)
   */
  priority(priority: number): NetworkAclRuleBuilder
  /**
   * False for a rule that has no effect yet; true when left out.
   *
   * @example
   * auth0.networkAcls.rule().block().countries('AQ').active(false)
   */
  active(active: boolean): NetworkAclRuleBuilder
  /**
   * At most 255 characters.
   *
   * @example
   * auth0.networkAcls.rule().block().countries('AQ').describe('Nobody from Antarctica')
   */
  describe(text: string): NetworkAclRuleBuilder
  /**
   * The rule so far.
   *
   * @example
   * console.log(auth0.networkAcls.rule().block().countries('AQ').scope('authentication').toRule())
   */
  toRule(): NetworkAclRule
  /**
   * POST /network-acls · create:network_acls
   *
   * @example
   * auth0.networkAcls.rule().block().countries('AQ').scope('authentication').describe('None').active(false).create().run()
   */
  create(): Plan<NetworkAcl>
  /**
   * PATCH /network-acls/{id} · update:network_acls; sends only what was named.
   *
   * @example
   * // not run: needs an access list
   * auth0.networkAcls.rule().active(false).update('acl_1').run()
   */
  update(id: string): Plan<NetworkAcl>
  /**
   * PUT /network-acls/{id} · update:network_acls; replaces all of it.
   *
   * @example
   * // not run: needs an access list
   * auth0.networkAcls.rule().block().countries('AQ').scope('authentication').describe('None').set('acl_1').run()
   */
  set(id: string): Plan<NetworkAcl>
}
