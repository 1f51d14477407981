import type { JsonObject } from '../../plan/index.ts'
import { collection } from '../contract.ts'
import type { Core } from '../core.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, field, requiredField } from './call.ts'
import { authenticateClient, carriesClientProof, clientNamed } from './client-authentication.ts'
import { connectionFor } from './users.ts'

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
  const to = requiredField(call, connection === 'email' ? 'email' : 'phone_number').toLowerCase()
  const code = core.random.digits(6)
  collection(core.tables, CODES).set(`${connection} ${to}`, {
    code,
    expires_at: core.clock.now() + LIFETIME,
    failures: 0,
  })
  const asLink = connection === 'email' && field(call, 'send') !== 'code'
  if (asLink) {
    const query = new URLSearchParams({
      client_id: String(client.client_id),
      connection,
      email: to,
      verification_code: code,
    })
    const url = `${call.issuer}passwordless/verify_redirect?${query}`
    core.deliver({ kind: 'email', to, subject: 'Sign in', text: `Open this link to sign in: ${url}`, url, code })
  } else {
    const text = `${code} is your sign-in code.`
    core.deliver({
      kind: connection === 'email' ? 'email' : 'sms',
      to,
      ...(connection === 'email' ? { subject: 'Your sign-in code' } : {}),
      text,
      code,
    })
  }
  const address: JsonObject =
    connection === 'email' ? { email: to, email_verified: false } : { phone_number: to, request_language: null }
  return { status: 200, json: { _id: core.random.text(24, '0123456789abcdef'), ...address } }
}

const MOST_FAILURES = 3

/** Checks and spends the code of an address; three wrong ones spend it too. */
export function redeemPasswordlessCode(core: Core, realm: string, to: string, typed: string): void {
  const codes = collection(core.tables, CODES)
  const key = `${realm} ${to.toLowerCase()}`
  const record = codes.get(key)
  const fresh = record !== undefined && Number(record.expires_at) > core.clock.now()
  if (fresh && record.code === typed) {
    codes.delete(key)
    return
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
