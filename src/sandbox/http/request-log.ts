import type { Json } from '../../plan/index.ts'
import { isSecretName, redact, redactHeaders, SECRET_MARK } from '../../plan/index.ts'
import type { SandboxRequest } from '../types.ts'

/** A request with its secrets still in it. */
export interface SeenRequest extends SandboxRequest {
  /** Dotted paths of secrets in the body, where a catalogue row names them. */
  readonly secretBody?: readonly string[]
}

const SECRET_QUERY = new Set(['ticket', 'id_token_hint', 'verification_code', 'invitation'])

/** The entry of the request list for a request: the same, secrets hidden. */
export function listedRequest({ secretBody = [], ...seen }: SeenRequest): SandboxRequest {
  return {
    ...seen,
    headers: redactHeaders(seen.headers),
    query: maskedQuery(seen.query),
    ...(seen.body === undefined ? {} : { body: redact<Json>(seen.body, { paths: secretBody }) }),
  }
}

function maskedQuery(query: Readonly<Record<string, string>>): Record<string, string> {
  const hidden = (name: string): boolean => isSecretName(name) || SECRET_QUERY.has(name)
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, hidden(name) ? SECRET_MARK : value]))
}
