import type { ManagementCall, ManagementHandler } from '../../contract.ts'
import { page } from '../paging.ts'

/** Documents of one kind that lie below connections: one list over all connections. */
function listBelow(part: string, key: string): ManagementHandler {
  return (call: ManagementCall) => {
    const path = new RegExp(`^/api/v2/connections/[^/]+/${part}$`)
    const found = [...call.tenant.tables.documents].filter(([each]) => path.test(each)).map(([, document]) => document)
    return page(call, found, { key, checkpoint: {}, always: 'checkpoint' })
  }
}

export const configurationHandlers: Readonly<Record<string, ManagementHandler>> = {
  'connections.directoryProvisioning.list': listBelow('directory-provisioning', 'directory_provisionings'),
  'connections.scimConfiguration.list': listBelow('scim-configuration', 'scim_configurations'),
}
