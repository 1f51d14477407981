import type { Json, JsonObject } from '../../plan/index.ts'
import { isJsonObject } from '../../plan/index.ts'
import { addUser } from '../management/index.ts'
import { createTicket } from '../management/tickets.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  type AuthenticationReply,
  field,
  requiredField,
} from './call.ts'
import { clientNamed } from './client-authentication.ts'
import { passwordWeakness } from './password-check.ts'
import { connectionFor, findUser } from './users.ts'

const PROFILE = [
  'username',
  'phone_number',
  'given_name',
  'family_name',
  'name',
  'nickname',
  'picture',
  'user_metadata',
]

/** `POST /dbconnections/signup`: a new user of a database connection. */
export const signup: AuthenticationEndpoint = (call) => {
  const { core } = call
  const client = clientNamed(call, field(call, 'client_id'))
  const connection = connectionFor(core, client, requiredField(call, 'connection'))
  const email = requiredField(call, 'email').toLowerCase()
  const password = requiredField(call, 'password')
  const options = isJsonObject(connection.options) ? connection.options : {}
  if (options.disable_signup === true) return refused('BadRequestError', 'invalid_signup', 'Public signup is disabled')
  if (findUser(core, String(connection.name), email))
    return refused('BadRequestError', 'invalid_signup', 'Invalid sign up')
  const weakness = passwordWeakness(connection, { email }, password)
  if (weakness !== undefined) return refused('PasswordStrengthError', 'invalid_password', weakness)
  const profile: Record<string, Json> = { email, email_verified: false }
  for (const name of PROFILE) {
    const value = call.body[name]
    if (value !== undefined) profile[name] = value
  }
  const user = addUser(core, { connection, profile, password })
  core.log({
    type: 'ss',
    description: '',
    user_id: user.user_id,
    client_id: client.client_id,
    connection: connection.name,
    ip: call.ip,
  })
  return { status: 200, json: { _id: String(user.user_id).replace(/^auth0\|/, ''), ...withoutPrivate(user, profile) } }
}

function withoutPrivate(user: JsonObject, profile: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(profile).flatMap((name) => (user[name] === undefined ? [] : [[name, user[name]]])),
  )
}

function refused(name: string, code: string, description: string): AuthenticationReply {
  return { status: 400, json: { name, code, description, statusCode: 400 } }
}

/** `POST /dbconnections/change_password`: mails a link; the answer is the same for an unknown address. */
export const changePassword: AuthenticationEndpoint = (call) => {
  const { core } = call
  const client = clientNamed(call, field(call, 'client_id'))
  const connection = connectionFor(core, client, requiredField(call, 'connection'))
  const email = requiredField(call, 'email')
  const user = findUser(core, String(connection.name), email)
  if (user) mailLink(call, user, email)
  const value = "We've just sent you an email to reset your password."
  return { status: 200, text: { type: 'text/plain; charset=utf-8', value } }
}

function mailLink({ core, host, ip }: AuthenticationCall, user: JsonObject, to: string): void {
  const user_id = String(user.user_id)
  const { url } = createTicket(core, { kind: 'password-change', user_id, domain: host.authority })
  core.deliver({
    kind: 'email',
    to,
    user_id,
    subject: 'Reset your password',
    text: `Open this link to choose a new password: ${url}`,
    url,
  })
  core.log({ type: 'scpr', description: 'Password change requested', user_id, ip })
}
