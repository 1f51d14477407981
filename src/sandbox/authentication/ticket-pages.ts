import type { JsonObject } from '../../plan/index.ts'
import { redeemTicket } from '../management/index.ts'
import { withPassword } from '../management/users/password-policy.ts'
import type { AuthenticationCall, AuthenticationEndpoint, AuthenticationReply } from './call.ts'
import { field } from './call.ts'
import { passwordWeakness } from './password-check.ts'
import { identitiesOf } from './users.ts'

function page(status: number, heading: string, text: string): AuthenticationReply {
  const value = `<!doctype html><html><head><title>${heading}</title></head><body><h1>${heading}</h1><p>${text}</p></body></html>`
  return { status, text: { type: 'text/html; charset=utf-8', value } }
}

const gone = (): AuthenticationReply =>
  page(400, 'Link expired', 'This link is unknown, was used before, or has expired. Ask for a new one.')

/** `GET /u/email-verification`: redeems the link of a verification mail. */
export const verifyEmailPage: AuthenticationEndpoint = (call) => {
  const ticket = redeemTicket(call.core, call.query.ticket ?? '')
  if (!ticket) return gone()
  return returned(ticket.result_url) ?? page(200, 'Email verified', 'The e-mail address is verified.')
}

/** `GET /u/reset-verify`: the sandbox draws no form; the page says how to send the new password. */
export const resetPage: AuthenticationEndpoint = (call) =>
  call.core.tables.tickets.has(call.query.ticket ?? '')
    ? page(200, 'Choose a new password', 'The sandbox shows no form: POST the field password to this same address.')
    : gone()

/** `POST /u/reset-verify`: redeems the link of a password mail with the new password. */
export const resetPassword: AuthenticationEndpoint = (call) => {
  const ticket = call.core.tables.tickets.get(call.query.ticket ?? '')
  const user = call.core.tables.users.get(String(ticket?.user_id ?? ''))
  const password = field(call, 'password')
  if (!ticket || !user) return gone()
  if (password === undefined) return page(400, 'No password', 'Send the new password in the field password.')
  const weakness = weaknessOf(call, user, password)
  if (weakness !== undefined) return page(400, 'Password refused', weakness)
  if (!redeemTicket(call.core, call.query.ticket ?? '')) return gone()
  const verified = call.core.tables.users.get(String(user.user_id)) ?? user
  call.core.tables.users.set(String(user.user_id), withPassword(verified, password))
  call.core.log({ type: 'scp', description: 'Password changed', user_id: user.user_id, ip: call.ip })
  return returned(ticket.result_url) ?? page(200, 'Password changed', 'The password is changed.')
}

function weaknessOf({ core }: AuthenticationCall, user: JsonObject, password: string): string | undefined {
  const name = identitiesOf(user)[0]?.connection
  const connection = [...core.tables.connections.values()].find((each) => each.name === name)
  return connection === undefined ? undefined : passwordWeakness(connection, user, password)
}

function returned(url: unknown): AuthenticationReply | undefined {
  return typeof url === 'string' && url !== '' ? { status: 302, headers: { Location: url } } : undefined
}
