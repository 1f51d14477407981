import { ageOfAnswer, hintsOfQuery, type OperationRow, openNames } from '../catalogue/index.ts'
import { type Explanation, isSecretName, type PlanData, redact, redactHeaders, SECRET_MARK } from '../plan/index.ts'
import { sentDomain } from './custom-domain.ts'
import { draftWith } from './draft.ts'
import type { WireEnvironment } from './environment.ts'

/** The environment of a plan that no session is bound to: addresses stay templates. */
export const unboundEnvironment: WireEnvironment = { domain: '{domain}', audience: 'https://{domain}/api/v2/' }

const RETRY: Readonly<Record<OperationRow['retry'], string>> = {
  idempotent: 'Sent again after network faults, 5xx and rate limits: sending it twice equals sending it once.',
  unsafe:
    'Sent again only where the server surely did nothing: a rate limit, 503 with Retry-After, a refused connection.',
  grant:
    'A client_credentials grant is sent again after any fault; any other grant only where the server surely did nothing.',
}

/** What a plan would send, to where, with which scopes, and what to know before. Secrets are hidden. */
export function explain(
  plan: PlanData,
  row: OperationRow,
  environment: WireEnvironment = unboundEnvironment,
): Explanation {
  const request = draftWith(plan, row, environment, () => SECRET_MARK)
  const verdict = sentDomain(plan, row, environment)
  const headers: Record<string, string> = { ...request.headers }
  if (verdict.verdict === 'removed') delete headers['auth0-custom-domain']
  if (row.body?.encoding === 'multipart' && request.body !== undefined) headers['content-type'] = 'multipart/form-data'
  if (row.api === 'management' && headers.authorization === undefined) headers.authorization = 'Bearer'
  return {
    route: `${request.method} ${plan.op === 'raw' ? request.path : row.path}`,
    url: `${request.origin}${request.path}${redactSearch(request.search)}`,
    operation: plan.op,
    effect: row.effect,
    scopes: row.scopes,
    allScopes: row.allScopes,
    headers: redactHeaders(headers),
    ...(plan.body !== undefined && { body: redact(plan.body, { paths: row.secretBody, open: openNames(row) }) }),
    customDomain: verdict,
    ...(row.paging !== undefined && { paging: row.paging.style }),
    ...(row.effect === 'read' && { reads: row.reads }),
    retry: RETRY[row.retry],
    rateKey: row.rateKey,
    warnings: warningsOf(plan, row, environment),
    documentation: row.docs,
  }
}

function warningsOf(plan: PlanData, row: OperationRow, environment: WireEnvironment): readonly string[] {
  const warnings = [...row.notes]
  const age = ageOfAnswer(row)
  if (age !== undefined) warnings.push(age)
  if (row.lifecycle === 'EA' || row.lifecycle === 'beta') {
    const stage = row.lifecycle === 'EA' ? 'in Early Access' : 'a beta'
    warnings.push(`The operation is ${stage}: not every tenant has it, and it may change.`)
  }
  const query = { ...plan.query, ...plan.options?.query }
  const beside = Object.keys(query).filter((name) => !['from', 'take'].includes(name))
  if (row.paging?.style === 'logs' && query.from !== undefined && beside.length > 0) {
    warnings.push(`Beside from, Auth0 ignores every parameter but take: ${beside.join(', ')} will not count.`)
  }
  warnings.push(...hintsOfQuery(row.id, query))
  if (plan.op === 'raw' && row.effect === 'write') warnings.push('A raw plan that is no GET counts as a write.')
  if (row.paging?.reach !== undefined && !row.notes.some((note) => note.includes(String(row.paging?.reach)))) {
    warnings.push(`Paging by page number ends after ${row.paging.reach} records.`)
  }
  if (row.clientFields === 'credential' && plan.client === undefined && environment.client === undefined) {
    warnings.push('The request needs an application: give clientId to connect() or to the word.')
  }
  if (plan.options?.customDomain !== undefined && row.api === 'authentication') {
    warnings.push('The custom domain of a plan counts on the Management API only.')
  }
  return warnings
}

/** A query with the values of parameters hidden whose names are those of secrets. */
export function redactSearch(search: string): string {
  return search.replace(/([?&])([^=&]+)=([^&]*)/g, (pair, mark: string, name: string) =>
    isSecretName(decoded(name)) || /%C2%ABsecret%C2%BB/.test(pair) ? `${mark}${name}=${SECRET_MARK}` : pair,
  )
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
