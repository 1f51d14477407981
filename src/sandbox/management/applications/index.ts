// Applications and APIs of the Management API: clients, their credentials, client grants, resource servers.
import type { ManagementHandler } from '../../contract.ts'
import { clientHandlers } from './clients.ts'
import { credentialHandlers } from './credentials.ts'
import { clientGrantHandlers } from './grants.ts'
import { metadataDocumentHandlers } from './metadata-documents.ts'
import { resourceServerHandlers } from './resource-servers.ts'

export { newClient } from './client-settings.ts'
export { newResourceServer } from './resource-servers.ts'

export const allApplicationHandlers: Readonly<Record<string, ManagementHandler>> = {
  ...clientHandlers,
  ...credentialHandlers,
  ...clientGrantHandlers,
  ...metadataDocumentHandlers,
  ...resourceServerHandlers,
}
