import { headerRefusal, type PlanData, ValidationError } from '../plan/index.ts'

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
// Printable Latin-1 without < and >: what may end up in a log or on a page stays text, and CR or LF cannot split headers.
const VALUE = /^[\t\x20-\x3b\x3d\x3f-\x7e\xa0-\xff]*$/
const DOMAIN = /^[\p{L}\p{N}][\p{L}\p{N}.:_-]{2,254}$/u

/**
 * Adds the caller's headers, with lower-case names, to the headers of a request.
 *
 * @throws ValidationError for credential headers, for those the transport sets or that stand for another request, and for names or values that no header can hold.
 */
export function addHeaders(
  headers: Record<string, string>,
  added: Readonly<Record<string, string>>,
  plan: PlanData,
): void {
  for (const [given, value] of Object.entries(added)) {
    const name = given.toLowerCase()
    const refuse = (rule: string, next: string): never => {
      throw new ValidationError(`${plan.op}: the header ${JSON.stringify(given)} ${rule}. ${next}`, {
        plan,
        issues: [{ path: `options.headers.${given}`, rule }],
      })
    }
    if (!NAME.test(name)) refuse('has a name that HTTP does not allow', 'Use letters, digits and hyphens.')
    const refused = headerRefusal(name, value)
    if (refused !== undefined) refuse(refused.rule, refused.next)
    if (typeof value !== 'string' || !VALUE.test(value)) {
      refuse('has a value with control characters, < or >, or beyond Latin-1', 'Encode the value, or leave it out.')
    }
    headers[name] = value
  }
}

/**
 * The value of the `Auth0-Custom-Domain` header.
 *
 * @throws ValidationError for what is no domain name. Whether the tenant owns it, only Auth0 can tell.
 */
export function customDomainHeader(domain: string, plan: PlanData): string {
  if (DOMAIN.test(domain)) return domain
  throw new ValidationError(
    `${plan.op}: the custom domain ${JSON.stringify(domain)} is no domain name. Give the bare name, such as "login.example.com".`,
    { plan, issues: [{ path: 'options.customDomain', rule: 'must be a domain name of 3 to 255 characters' }] },
  )
}
