// Connections of the Management API, and which applications may use them.
import type { ManagementHandler } from '../../contract.ts'
import { connectionClientHandlers } from './clients.ts'
import { configurationHandlers } from './configurations.ts'
import { connectionHandlers } from './connections.ts'
import { synchronizedGroupHandlers } from './groups.ts'
import { connectionKeyHandlers } from './keys.ts'

export { connectionOptions } from './options.ts'

export const allConnectionHandlers: Readonly<Record<string, ManagementHandler>> = {
  ...connectionHandlers,
  ...configurationHandlers,
  ...connectionKeyHandlers,
  ...synchronizedGroupHandlers,
  ...connectionClientHandlers,
}
