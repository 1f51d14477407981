import { isJsonObject, type JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  field,
  requiredField,
} from './call.ts'
import { authenticateClient, carriesClientProof, clientNamed } from './client-authentication.ts'
import { isEmail, isPhone } from './formats.ts'
import { connectionFor, findUser } from './users.ts'

const LIFETIME = 180_000
const CODES = 'sandbox/passwordless-codes'

/** `POST /passwordless/start`: sends a code, or a link for e-mail, to an address; known or not. */
export const startPasswordless: AuthenticationEndpoint = async (call) => {
  const { core } = call
  const client = carriesClientProof(call) ? await authenticateClient(call) : clientNamed(call, field(call, 'client_id'))
  const connection = requiredField(call, 'connection')
  if (connection !== 'email' && connection !== 'sms')
    throw new AuthenticationFailure(400, 'bad.connection', 'The connection must be email or sms.')
  connectionFor(core, client, connection)
  const to = requiredField(call, connection === 'email' ? 'email' : 'phone_number')
  if (connection === 'email' && !isEmail(to))
    throw new AuthenticationFailure(400, 'bad.email', `error in email - email format validation failed: ${to}`)
  if (connection === 'sms' && !isPhone(to))
    throw new AuthenticationFailure(400, 'bad.phone_number', `The phone number ${to} is invalid.`)
  const asLink = connection === 'email' && field(call, 'send') !== 'code'
  const { authParams } = call.body
  sendPasswordless(call, client, connection, to, asLink ? (isJsonObject(authParams) ? authParams : {}) : undefined)
  const address: JsonObject =
    connection === 'email'
      ? { email: to.toLowerCase(), email_verified: false }
      : { phone_number: to, phone_verified: true }
  return { status: 200, json: { _id: core.random.text(24, '0123456789abcdef'), ...address } }
}

/**
 * Sends a code to an address; with `link`, a link that carries it.
 * @param link parameters of the authorization request that the link goes on with
 */
export function sendPasswordless(
  { core, issuer }: AuthenticationCall,
  client: JsonObject,
  connection: 'email' | 'sms',
  address: string,
  link?: JsonObject,
): void {
  const to = address.toLowerCase()
  const code = core.random.digits(6)
  collection(core.tables, CODES).set(`${connection} ${to}`, {
    code,
    expires_at: core.clock.now() + LIFETIME,
    failures: 0,
    ...(link === undefined ? {} : { link }),
  })
  core.log({
    type: link === undefined ? 'cs' : 'cls',
    description: link === undefined ? 'Code sent' : 'Link sent',
    client_id: client.client_id,
    connection,
    user_name: to,
  })
  if (link !== undefined) {
    const query = new URLSearchParams({
      client_id: String(client.client_id),
      connection,
      email: to,
      verification_code: code,
    })
    const url = `${issuer}passwordless/verify_redirect?${query}`
    core.deliver({ kind: 'email', to, subject: 'Sign in', text: `Open this link to sign in: ${url}`, url, code })
    return
  }
  core.deliver({
    kind: connection,
    to,
    ...(connection === 'email' ? { subject: 'Your sign-in code' } : {}),
    text: `${code} is your sign-in code.`,
    code,
  })
}

const MOST_FAILURES = 3

/** Checks and spends the code of an address, and gives its record; three wrong ones spend it too. */
export function redeemPasswordlessCode(core: Core, realm: string, to: string, typed: string): JsonObject {
  const codes = collection(core.tables, CODES)
  const key = `${realm} ${to.toLowerCase()}`
  const record = codes.get(key)
  const fresh = record !== undefined && Number(record.expires_at) > core.clock.now()
  if (fresh && record.code === typed) {
    codes.delete(key)
    return record
  }
  const failures = Number(record?.failures ?? 0) + 1
  if (record && failures < MOST_FAILURES) codes.set(key, { ...record, failures })
  else codes.delete(key)
  throw new AuthenticationFailure(
    403,
    'invalid_grant',
    `Wrong ${realm === 'email' ? 'email' : 'phone number'} or verification code.`,
  )
}

/** The person of an address; a new address becomes a new user, where people may sign up. */
export function passwordlessUser(
  core: Core,
  connection: JsonObject,
  realm: 'email' | 'sms',
  address: string,
): JsonObject {
  const known = findUser(core, realm, address)
  if (known) return known
  const options = isJsonObject(connection.options) ? connection.options : {}
  if (options.disable_signup === true)
    throw new AuthenticationFailure(403, 'access_denied', 'Public signup is disabled.')
  const local = core.random.text(24, '0123456789abcdef')
  const user_id = `${realm}|${local}`
  const now = new Date(core.clock.now()).toISOString()
  const identifier: JsonObject =
    realm === 'email'
      ? { email: address.toLowerCase(), email_verified: true }
      : { phone_number: address, phone_verified: true }
  const user: JsonObject = {
    user_id,
    ...identifier,
    name: address,
    nickname: address.split('@')[0] ?? address,
    identities: [{ connection: realm, provider: realm, user_id: local, isSocial: false }],
    created_at: now,
    updated_at: now,
  }
  core.tables.users.set(user_id, user)
  return user
}
