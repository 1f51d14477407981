import type { ManagementHandler } from '../contract.ts'
import { allApplicationHandlers } from './applications/index.ts'
import { allConnectionHandlers } from './connections/index.ts'
import { customDomainHandlers } from './custom-domains.ts'
import { guardianHandlers } from './guardian.ts'
import { allJobHandlers } from './jobs/index.ts'
import { logHandlers } from './logs.ts'
import { messageHandlers } from './messages.ts'
import { networkAclHandlers } from './network/index.ts'
import { allOrganizationHandlers } from './organizations/index.ts'
import { roleHandlers } from './roles.ts'
import { sessionHandlers } from './sessions.ts'
import { tenantSettingsHandlers } from './tenant-settings.ts'
import { ticketHandlers } from './tickets.ts'
import { allUserHandlers } from './users/index.ts'

/** Handlers by operation id; an operation that is not here is served by `genericHandler`. */
export const managementHandlers: ReadonlyMap<string, ManagementHandler> = new Map(
  Object.entries({
    ...tenantSettingsHandlers,
    ...allApplicationHandlers,
    ...allConnectionHandlers,
    ...allOrganizationHandlers,
    ...roleHandlers,
    ...allUserHandlers,
    ...allJobHandlers,
    ...networkAclHandlers,
    ...customDomainHandlers,
    ...ticketHandlers,
    ...guardianHandlers,
    ...messageHandlers,
    ...sessionHandlers,
    ...logHandlers,
  }),
)
