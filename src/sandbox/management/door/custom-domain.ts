import type { OperationRow } from '../../../catalogue/index.ts'
import { isJsonObject, type Json } from '../../../plan/index.ts'
import type { Core } from '../../core.ts'
import { Refusal } from '../../refusal.ts'
import { verifiedDomains } from '../../tenant/index.ts'

/** What became of the `Auth0-Custom-Domain` header of one call. */
export interface CustomDomainVerdict {
  /** Domain of the links that the operation makes. */
  readonly linkDomain: string
  /** For the request list; absent when no header came. */
  readonly note?: { readonly domain: string; readonly verdict: 'used' | 'ignored' | 'refused' }
}

const SHORTEST = 3
const LONGEST = 255
const HOSTNAME = /^(?=.{3,255}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i
const MAIL_FIELDS = ['verify_email', 'verify_phone_number', 'email', 'phone_number']

/**
 * Applies the rules of the header: it counts where the operation makes links, and is ignored politely elsewhere.
 * @throws 400 for a malformed or unknown domain, 409 when the tenant has several and no default
 */
export function chooseLinkDomain(
  core: Core,
  row: OperationRow,
  body: Json | undefined,
  header?: string,
): CustomDomainVerdict {
  const fallback = core.defaultDomain()
  if (row.customDomain === 'removed') {
    const note = header === undefined ? {} : { note: { domain: header, verdict: 'ignored' as const } }
    return { linkDomain: fallback ?? core.domain, ...note }
  }
  if (header !== undefined) {
    if (header.length < SHORTEST || header.length > LONGEST || !HOSTNAME.test(header))
      throw new Refusal(400, 'The auth0-custom-domain HTTP header has an invalid format.', {
        errorCode: 'invalid_header',
      })
    if (!verifiedDomains(core.tables).includes(header.toLowerCase()))
      throw new Refusal(400, 'The custom domain does not exist for the tenant.', {
        errorCode: 'invalid_header',
      })
    return { linkDomain: header.toLowerCase(), note: { domain: header, verdict: 'used' } }
  }
  if (fallback === null && verifiedDomains(core.tables).length > 1 && sendsLinks(row, body))
    throw new Refusal(409, 'The tenant has multiple verified custom domains.', {
      errorCode: 'custom_domain_conflict',
    })
  return { linkDomain: fallback ?? core.domain }
}

/** A user update makes a link only when it verifies or changes an address. */
function sendsLinks(row: OperationRow, body: Json | undefined): boolean {
  if (row.customDomain !== 'user-update') return true
  return isJsonObject(body) && MAIL_FIELDS.some((name) => body[name] !== undefined && body[name] !== false)
}
