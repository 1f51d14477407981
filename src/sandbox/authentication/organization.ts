import type { JsonObject } from '../../plan/index.ts'
import type { Core } from '../core.ts'
import { AuthenticationFailure } from './call.ts'

/** The organization with an id or, in lower case, a name. */
export function organizationNamed(core: Core, idOrName: string): JsonObject {
  const { organizations } = core.tables
  const found =
    organizations.get(idOrName) ?? [...organizations.values()].find((each) => each.name === idOrName.toLowerCase())
  if (!found)
    throw new AuthenticationFailure(400, 'invalid_request', `parameter organization is invalid: ${idOrName} is unknown`)
  return found
}
