import { nearest } from './nearest.ts'

/** Regions of Auth0's public cloud, as they stand in the domain of a tenant. */
const REGIONS = ['us', 'eu', 'au', 'jp', 'uk', 'ca']
const AUTH0 = 'auth0.com'

/** What the domain of a tenant looks like, and its regions, for messages. */
export const REGION_RULE = `the region is a part of the domain (my-tenant.${REGIONS.join('.auth0.com, .')}.auth0.com)`

/**
 * The domain of a tenant that a misspelt one most likely means.
 *
 * @returns Nothing where the host is no misspelt domain of Auth0's.
 */
export function likelyDomain(host: string): string | undefined {
  const labels = host.split('.')
  const top = labels.at(-1) ?? ''
  const meant =
    labels.length === 2 && REGIONS.includes(top)
      ? `${host}.${AUTH0}`
      : labels.length >= 3 && labels.at(-2) === 'auth0' && REGIONS.includes(top)
        ? [...labels.slice(0, -2), top, AUTH0].join('.')
        : labels.length >= 3 && nearest(labels.slice(-2).join('.'), [AUTH0]) !== undefined
          ? [...labels.slice(0, -2), AUTH0].join('.')
          : host
  if (!meant.endsWith(`.${AUTH0}`)) return undefined
  const [tenant = '', ...rest] = meant.slice(0, -AUTH0.length - 1).split('.')
  const [region, ...more] = rest
  const joined = region === undefined ? joinedRegion(tenant) : undefined
  const near = region === undefined ? undefined : (nearest(region, REGIONS) ?? region.slice(0, 2))
  const fixed =
    joined !== undefined
      ? `${joined}.${AUTH0}`
      : near === undefined || /-\d$/.test(region ?? '')
        ? meant
        : [tenant, REGIONS.includes(near) ? near : region, ...more, AUTH0].join('.')
  return fixed === host ? undefined : fixed
}

/** `my-tenant-eu`, with the region behind a dash instead of a dot. */
function joinedRegion(tenant: string): string | undefined {
  const [, name, region = ''] = /^(.+)[-_]([a-z]{2})$/.exec(tenant) ?? []
  return REGIONS.includes(region) ? `${name}.${region}` : undefined
}
