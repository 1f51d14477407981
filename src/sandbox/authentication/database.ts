import type { Json, JsonObject } from '../../plan/index.ts'
import { isJsonObject } from '../../plan/index.ts'
import { addUser, createTicket } from '../management/index.ts'
import type { Connection } from '../tenant/index.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  type AuthenticationReply,
  field,
  requiredField,
} from './call.ts'
import { clientNamed } from './client-authentication.ts'
import { checkUserMetadata, isEmail } from './formats.ts'
import { passwordWeakness } from './password-check.ts'
import { connectionFor, findUser } from './users.ts'

const PROFILE = ['given_name', 'family_name', 'name', 'nickname', 'picture', 'user_metadata']

/** `POST /dbconnections/signup`: a new user of a database connection. */
export const signup: AuthenticationEndpoint = (call): AuthenticationReply => {
  const client = clientNamed(call, field(call, 'client_id'))
  const connection = connectionFor(call.core, client, requiredField(call, 'connection'))
  const made = createAccount(call, client, connection)
  if (made.kind === 'refused') {
    const { code, description, name } = made
    return { status: 400, json: { name, code, description, statusCode: 400 } }
  }
  const { profile, user } = made
  return { status: 200, json: { _id: String(user.user_id).replace(/^auth0\|/, ''), ...withoutPrivate(user, profile) } }
}

/** A new account, or why there is none. */
export type NewAccount =
  | { readonly kind: 'made'; readonly user: JsonObject; readonly profile: JsonObject }
  | { readonly kind: 'refused'; readonly name: string; readonly code: string; readonly description: string }

/** Makes the account that the body of a call describes, as a person does who signs up. */
export function createAccount(call: AuthenticationCall, client: JsonObject, connection: Connection): NewAccount {
  const { core, ip } = call
  const place = String(connection.name)
  const options = isJsonObject(connection.options) ? connection.options : {}
  const facts = { client_id: client.client_id, client_name: client.name, connection: place, ip }
  const refused = (name: string, code: string, description: string): NewAccount => {
    core.log({ type: 'fs', description, user_name: field(call, 'email') ?? '', ...facts })
    return { kind: 'refused', name, code, description }
  }
  const identifiers = identifiersOf(call, options)
  if (identifiers.email !== undefined && !isEmail(identifiers.email))
    throw new AuthenticationFailure(
      400,
      'invalid_request',
      `error in email - email format validation failed: ${identifiers.email}`,
    )
  checkUserMetadata(call.body.user_metadata)
  const password = requiredField(call, 'password')
  if (options.disable_signup === true) return refused('BadRequestError', 'invalid_signup', 'Public signup is disabled')
  if (Object.values(identifiers).some((each) => findUser(core, place, each)))
    return refused('BadRequestError', 'invalid_signup', 'Invalid sign up')
  const weakness = passwordWeakness(connection, identifiers, password)
  if (weakness !== undefined) return refused('PasswordStrengthError', 'invalid_password', weakness)
  const profile: Record<string, Json> = {
    ...identifiers,
    ...(identifiers.email === undefined ? {} : { email_verified: false }),
    ...(identifiers.phone_number === undefined ? {} : { phone_verified: false }),
  }
  for (const name of PROFILE) {
    const value = call.body[name]
    if (value !== undefined && value !== '') profile[name] = value
  }
  const user = addUser(core, { connection, profile, password })
  core.log({ type: 'ss', description: '', user_id: user.user_id, user_name: user.email, ...facts })
  return { kind: 'made', user, profile }
}

const IDENTIFIERS = ['email', 'username', 'phone_number'] as const

/**
 * What a new account is known by. A directory with flexible identifiers takes any of those that it has switched on;
 * every other one needs the e-mail address.
 */
function identifiersOf(call: AuthenticationCall, options: JsonObject): Readonly<Record<string, string>> {
  const given = Object.fromEntries(
    IDENTIFIERS.flatMap((name) => {
      const value = field(call, name)
      return value === undefined ? [] : [[name, name === 'email' ? value.toLowerCase() : value]]
    }),
  )
  const attributes = isJsonObject(options.attributes) ? options.attributes : undefined
  if (attributes === undefined || Object.keys(given).length === 0)
    return { email: requiredField(call, 'email'), ...given }
  const needed = IDENTIFIERS.find((name) => {
    const attribute = attributes[name]
    const signup = isJsonObject(attribute) && isJsonObject(attribute.signup) ? attribute.signup : {}
    return signup.status === 'required' && given[name] === undefined
  })
  if (needed !== undefined) requiredField(call, needed)
  return given
}

function withoutPrivate(user: JsonObject, profile: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(profile).flatMap((name) => (user[name] === undefined ? [] : [[name, user[name]]])),
  )
}

/** `POST /dbconnections/change_password`: mails a link; the answer is the same for an unknown address. */
export const changePassword: AuthenticationEndpoint = (call) => {
  const { core } = call
  const client = clientNamed(call, field(call, 'client_id'))
  const connection = connectionFor(core, client, requiredField(call, 'connection'))
  const email = requiredField(call, 'email')
  mailPasswordLink(call, connection, email)
  const value = "We've just sent you an email to reset your password."
  return { status: 200, text: { type: 'text/plain; charset=utf-8', value } }
}

/** Mails the link that changes a password to the person of an address, if there is one. */
export function mailPasswordLink({ core, ip, issuer }: AuthenticationCall, connection: JsonObject, to: string): void {
  const user = findUser(core, String(connection.name), to)
  if (!user) return
  const user_id = String(user.user_id)
  const { url } = createTicket(core, {
    kind: 'password-change',
    user_id,
    origin: issuer.slice(0, -1),
  })
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
