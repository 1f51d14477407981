import type { JsonObject } from '../../../plan/index.ts'
import type { AuthenticationCall, AuthenticationReply } from '../call.ts'

/** A grant type of `/oauth/token`: an authenticated application asks, the grant answers. */
export type Grant = (call: AuthenticationCall, client: JsonObject) => Promise<AuthenticationReply>
