// Organizations of the Management API: members, connections, invitations, grants and discovery domains.
import type { ManagementHandler } from '../../contract.ts'
import { organizationGrantHandlers } from './client-grants.ts'
import { organizationClientHandlers } from './clients.ts'
import { organizationConnectionHandlers } from './connections.ts'
import { discoveryDomainHandlers } from './discovery-domains.ts'
import { organizationGroupHandlers } from './groups.ts'
import { invitationHandlers } from './invitations.ts'
import { memberHandlers } from './members.ts'
import { organizationHandlers } from './organizations.ts'

export const allOrganizationHandlers: Readonly<Record<string, ManagementHandler>> = {
  ...organizationHandlers,
  ...memberHandlers,
  ...organizationConnectionHandlers,
  ...invitationHandlers,
  ...organizationClientHandlers,
  ...organizationGrantHandlers,
  ...discoveryDomainHandlers,
  ...organizationGroupHandlers,
}
