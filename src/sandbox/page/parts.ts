import type { Core } from '../core.ts'
import type { RateLimits } from '../limits/index.ts'
import type { SandboxFaults, SandboxOutbox, SandboxRequest } from '../types.ts'

/** What the page looks at and acts on. */
export interface PageParts {
  readonly core: Core
  readonly outbox: SandboxOutbox
  readonly faults: SandboxFaults
  readonly requests: readonly SandboxRequest[]
  readonly limits: RateLimits
  /** Client id of the main application, shown so that a client can be set up from the page. */
  readonly clientId: string
}

/** What drawing a part of the page needs. */
export interface View extends PageParts {
  /** Proves that a post comes from this page. */
  readonly token: string
  /** Faults that were put in place here, and can be taken away one by one. */
  readonly removable: ReadonlyMap<string, () => void>
}
