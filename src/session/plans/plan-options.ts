import { optionFault } from '../../catalogue/index.ts'
import type { PlanOptions } from '../../plan/index.ts'
import { headerRefusal, isJsonObject, refuseArgument } from '../../plan/index.ts'
import { checkCustomDomain } from './domain.ts'

const NAMES = ['headers', 'timeout', 'maxRetries', 'query', 'customDomain']

/**
 * Options over options: headers and query are merged name by name, everything else is replaced.
 *
 * @throws ValidationError for unknown options, values of the wrong kind, and headers that carry credentials.
 */
export function mergePlanOptions(present: PlanOptions | undefined, added: PlanOptions): PlanOptions {
  const fault = optionFault(added, NAMES)
  if (fault !== undefined) refuse(fault.path, fault.rule, fault.next)
  const { headers, query, timeout, maxRetries, customDomain } = added
  if (headers !== undefined) checkHeaders(headers)
  if (query !== undefined && !isJsonObject(query)) refuse('query', 'must be an object', 'Write query: { name: value }.')
  if (timeout !== undefined && !(typeof timeout === 'number' && Number.isFinite(timeout) && timeout > 0)) {
    refuse('timeout', 'must be a number of milliseconds above 0', 'Leave it out for the deadline of the session.')
  }
  if (maxRetries !== undefined && !(Number.isInteger(maxRetries) && maxRetries >= 0)) {
    refuse('maxRetries', 'must be a whole number, 0 or more', 'Pass 0 for no retries.')
  }
  const merged: Record<string, unknown> = { ...present }
  if (headers !== undefined) merged.headers = { ...present?.headers, ...lowerCase(headers) }
  if (query !== undefined) merged.query = { ...present?.query, ...query }
  if (timeout !== undefined) merged.timeout = timeout
  if (maxRetries !== undefined) merged.maxRetries = maxRetries
  if (customDomain !== undefined) merged.customDomain = checkCustomDomain(customDomain, 'plan.with(): "customDomain"')
  return merged as PlanOptions
}

function checkHeaders(headers: unknown): void {
  if (!isJsonObject(headers)) refuse('headers', 'must be an object', "Write headers: { 'x-name': 'value' }.")
  for (const [name, value] of Object.entries(headers)) {
    const refused = headerRefusal(name, value)
    if (refused !== undefined) refuse(`headers.${name}`, refused.rule, refused.next)
    if (typeof value !== 'string') refuse(`headers.${name}`, 'must be a text', 'Convert the value.')
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function refuse(path: string, rule: string, next: string): never {
  return refuseArgument('plan.with()', { path, rule, next }, `options${path && `.${path}`}`)
}
