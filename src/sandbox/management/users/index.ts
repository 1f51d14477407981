// Users of the Management API: profiles, search, identities, factors, access.
import type { ManagementHandler } from '../../contract.ts'
import { userAccessHandlers } from './access.ts'
import { authenticationMethodHandlers } from './authentication-methods.ts'
import { userBlockHandlers } from './blocks.ts'
import { identityHandlers } from './identities.ts'
import { userUpdateHandlers } from './update.ts'
import { userHandlers } from './users.ts'

export const allUserHandlers: Readonly<Record<string, ManagementHandler>> = {
  ...userHandlers,
  ...userUpdateHandlers,
  ...identityHandlers,
  ...userAccessHandlers,
  ...authenticationMethodHandlers,
  ...userBlockHandlers,
}

export { checkPassword, withPassword } from './password-policy.ts'
export { addUser } from './store.ts'
