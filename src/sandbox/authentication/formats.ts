import { isJsonObject, type Json } from '../../plan/index.ts'
import { AuthenticationFailure } from './call.ts'

const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/
const PHONE = /^\+[1-9]\d{1,14}$/

export function isEmail(text: string): boolean {
  return EMAIL.test(text)
}

/** Whether a text is a phone number with its country code (E.164). */
export function isPhone(text: string): boolean {
  return PHONE.test(text)
}

/** What a person who signs up may say of themselves: ten short texts. */
export function checkUserMetadata(metadata: Json | undefined): void {
  if (metadata === undefined) return
  const refused = (rule: string): never => {
    throw new AuthenticationFailure(400, 'invalid_request', `The parameter user_metadata ${rule}.`)
  }
  if (!isJsonObject(metadata)) return refused('must be an object')
  const members = Object.entries(metadata)
  if (members.length > 10) refused('may have at most 10 properties')
  for (const [name, value] of members) {
    if (name.length > 100) refused('has a property name of more than 100 characters')
    if (typeof value !== 'string' || value.length > 500) refused('may hold texts of at most 500 characters only')
  }
}
