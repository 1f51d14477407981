// Jobs of the Management API: imports, exports and verification mails, which take time on the sandbox's clock.
import type { ManagementHandler } from '../../contract.ts'
import { exportHandlers } from './exports.ts'
import { importHandlers } from './imports.ts'
import { jobHandlers } from './jobs.ts'
import { verificationHandlers } from './verification.ts'

export const allJobHandlers: Readonly<Record<string, ManagementHandler>> = {
  ...jobHandlers,
  ...importHandlers,
  ...exportHandlers,
  ...verificationHandlers,
}
export { exportFile } from './jobs.ts'
