import type { Core } from '../core.ts'
import type { RateLimits } from '../limits/index.ts'
import type { SandboxFaults, SandboxOutbox, SandboxRequest, SandboxSeed, SandboxSnapshot } from '../types.ts'

/** What the admin API reads and steers. */
export interface AdminParts {
  readonly core: Core
  readonly seed: SandboxSeed
  readonly outbox: SandboxOutbox
  readonly faults: SandboxFaults
  readonly requests: readonly SandboxRequest[]
  readonly limits: RateLimits
  readonly token: string
  snapshot(): SandboxSnapshot
  reset(snapshot?: SandboxSnapshot): void
  forgetRequests(): void
  /** Puts what was changed on the disk, where the tenant keeps its state. */
  keep(): void
}
