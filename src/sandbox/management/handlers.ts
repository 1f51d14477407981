import type { ManagementHandler } from '../contract.ts'
import { allActionHandlers } from './actions/index.ts'
import { allApplicationHandlers } from './applications/index.ts'
import { allConnectionHandlers } from './connections/index.ts'
import { customDomainHandlers } from './custom-domains.ts'
import { eventStreamHandlers } from './event-streams.ts'
import { experimentHandlers } from './experiments.ts'
import { groupHandlers } from './groups.ts'
import { guardianHandlers } from './guardian.ts'
import { hookHandlers } from './hooks.ts'
import { allJobHandlers } from './jobs/index.ts'
import { keyHandlers } from './keys.ts'
import { logHandlers } from './logs.ts'
import { messageHandlers } from './messages.ts'
import { networkAclHandlers } from './network/index.ts'
import { allOrganizationHandlers } from './organizations/index.ts'
import { roleHandlers } from './roles.ts'
import { screenHandlers } from './screens.ts'
import { searchHandlers } from './searches.ts'
import { sessionHandlers } from './sessions.ts'
import { tenantSettingsHandlers } from './tenant-settings.ts'
import { ticketHandlers } from './tickets.ts'
import { allUserHandlers } from './users/index.ts'

/** Handlers by operation id; an operation that is not here is served by `genericHandler`. */
export const managementHandlers: ReadonlyMap<string, ManagementHandler> = new Map(
  Object.entries({
    ...tenantSettingsHandlers,
    ...allActionHandlers,
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
    ...groupHandlers,
    ...eventStreamHandlers,
    ...experimentHandlers,
    ...hookHandlers,
    ...keyHandlers,
    ...messageHandlers,
    ...screenHandlers,
    ...searchHandlers,
    ...sessionHandlers,
    ...logHandlers,
  }),
)
