// The tour: every documented flow, run against a fresh embedded tenant, with its plan, its requests and its result.
import { authenticationFlows } from './authentication.ts'
import { composedFlows } from './compose.ts'
import { domainFlows } from './domains.ts'
import type { TourFlow } from './flow.ts'
import { managementFlows } from './management.ts'
import { mfaFlows } from './mfa.ts'

/** All documented flows, in the order of the examples page. */
export const tourFlows: readonly TourFlow[] = [
  ...authenticationFlows,
  ...mfaFlows,
  ...managementFlows,
  ...domainFlows,
  ...composedFlows,
]

export type { TourFlow } from './flow.ts'
export { runTour } from './run.ts'
