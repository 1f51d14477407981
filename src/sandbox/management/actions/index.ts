// Actions, their versions, modules and bindings. They are stored, versioned and bound; the sandbox does not run them.
import type { ManagementHandler } from '../../contract.ts'
import { actionHandlers } from './actions.ts'
import { moduleHandlers } from './modules.ts'
import { triggerHandlers } from './triggers.ts'

export const allActionHandlers: Readonly<Record<string, ManagementHandler>> = {
  ...actionHandlers,
  ...moduleHandlers,
  ...triggerHandlers,
}
