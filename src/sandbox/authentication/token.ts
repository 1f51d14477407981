import type { JsonObject } from '../../plan/index.ts'
import {
  type AuthenticationCall,
  type AuthenticationEndpoint,
  AuthenticationFailure,
  type AuthenticationReply,
  requiredField,
} from './call.ts'
import { authenticateClient, presentedClient } from './client-authentication.ts'
import { grants } from './grants/index.ts'

/** `POST /oauth/token`: authenticates the application, checks that it may use the grant type, and runs the grant. */
export const token: AuthenticationEndpoint = async (call) => {
  const type = requiredField(call, 'grant_type')
  const grant = grants.get(type)
  if (!grant) throw new AuthenticationFailure(400, 'unsupported_grant_type', 'Grant type not supported')
  const client = await entitledClient(call, type)
  const reply = await logged(call, client, type, () => grant(call, client))
  return { ...reply, headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache', ...reply.headers } }
}

/** The application of a call that may use a grant type; that it may not is noted in the logs where it is known. */
async function entitledClient(call: AuthenticationCall, type: string): Promise<JsonObject> {
  try {
    const client = await authenticateClient(call)
    const allowed = Array.isArray(client.grant_types) ? client.grant_types : []
    const publicMachine = type === 'client_credentials' && client.token_endpoint_auth_method === 'none'
    if (allowed.includes(type) && !publicMachine) return client
    const text = `Grant type '${type}' not allowed for the client.`
    throw new AuthenticationFailure(403, 'unauthorized_client', text)
  } catch (error) {
    const named = presentedClient(call)
    const refused = REFUSED[type] ?? EXCHANGES[type]?.refused
    if (named !== undefined && refused !== undefined && error instanceof AuthenticationFailure) {
      const { client_id, name: client_name } = named
      const { core, host, ip } = call
      core.log({ type: refused, description: error.message, client_id, client_name, hostname: host.name, ip })
    }
    throw error
  }
}

/** Types of the log events of exchanges that grants note by themselves once they have begun. */
const REFUSED: Readonly<Record<string, string>> = {
  client_credentials: 'feccft',
  password: 'fepft',
  'http://auth0.com/oauth/grant-type/password-realm': 'fepft',
  'http://auth0.com/oauth/grant-type/mfa-otp': 'feotpft',
  'http://auth0.com/oauth/grant-type/mfa-oob': 'feoobft',
  'http://auth0.com/oauth/grant-type/mfa-recovery-code': 'fercft',
}

/** Types of the log events of exchanges: what they are when the tokens are given, and when they are not. */
const EXCHANGES: Readonly<Record<string, { readonly given?: string; readonly refused: string }>> = {
  authorization_code: { given: 'seacft', refused: 'feacft' },
  refresh_token: { given: 'sertft', refused: 'fertft' },
  'http://auth0.com/oauth/grant-type/passwordless/otp': { refused: 'fepotpft' },
  'urn:ietf:params:oauth:grant-type:device_code': { given: 'sede', refused: 'fede' },
  'urn:openid:params:grant-type:ciba': { given: 'ciba_exchange_succeeded', refused: 'ciba_exchange_failed' },
}
/** A poll that comes early is no failed exchange. */
const WAITING = ['authorization_pending', 'slow_down', 'mfa_required']

/** Notes an exchange in the logs; those that know more about themselves write their own events. */
async function logged(
  { core, host, ip }: AuthenticationCall,
  { client_id, name: client_name }: JsonObject,
  type: string,
  grant: () => Promise<AuthenticationReply>,
): Promise<AuthenticationReply> {
  const { given, refused } = EXCHANGES[type] ?? {}
  const facts = { client_id, client_name, hostname: host.name, ip }
  try {
    const reply = await grant()
    if (given !== undefined) core.log({ type: given, description: '', ...facts })
    return reply
  } catch (error) {
    if (refused !== undefined && error instanceof AuthenticationFailure && !WAITING.includes(error.error))
      core.log({ type: refused, description: error.message, ...facts })
    throw error
  }
}
