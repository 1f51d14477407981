import { isJsonObject, type Json } from '../../plan/index.ts'
import { AuthenticationFailure } from './call.ts'

/**
 * Reads the parameter `authorization_details`: a JSON list of objects that each name their `type`.
 * @throws 400 `invalid_authorization_details` for anything else
 */
export function authorizationDetails(text: string | undefined): readonly Json[] | undefined {
  if (text === undefined) return undefined
  const value = parsed(text)
  if (Array.isArray(value) && value.every((each) => isJsonObject(each) && typeof each.type === 'string')) return value
  const rule = 'authorization_details must be a JSON list of objects that each have a type.'
  throw new AuthenticationFailure(400, 'invalid_authorization_details', rule)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What is no JSON is answered like JSON of another form.
    return undefined
  }
}
