import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import { AuthenticationFailure } from '../authentication/index.ts'
import { isTooDeep } from '../depth.ts'

/** The body of an Authentication API call, or the failure that answers it. */
export type CallBody =
  | { readonly ok: true; readonly body: JsonObject }
  | { readonly ok: false; readonly failure: AuthenticationFailure }

/** Reads a form or JSON body: Auth0 takes both on every endpoint. */
export function readCallBody(request: {
  readonly raw: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}): CallBody {
  const text = Buffer.from(request.raw).toString('utf8')
  const type = request.headers['content-type'] ?? ''
  if (text === '') return { ok: true, body: {} }
  if (!type.includes('json')) return readForm(new URLSearchParams(text))
  try {
    const body: unknown = JSON.parse(text)
    if (isJsonObject(body) && !isTooDeep(body)) return { ok: true, body }
  } catch {
    // Falls through to the failure below: what is no JSON is answered like JSON that is no object.
  }
  return { ok: false, failure: new AuthenticationFailure(400, 'invalid_request', 'The body must be a JSON object.') }
}

/** OAuth forbids a parameter that is named twice: which of the two counts would be anybody's guess. */
function readForm(fields: URLSearchParams): CallBody {
  const body: Record<string, string> = {}
  for (const [name, value] of fields) {
    if (Object.hasOwn(body, name)) {
      const text = `The parameter ${name} is given more than once.`
      return { ok: false, failure: new AuthenticationFailure(400, 'invalid_request', text) }
    }
    Object.defineProperty(body, name, { value, enumerable: true, configurable: true, writable: true })
  }
  return { ok: true, body }
}
