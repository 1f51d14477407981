import type { JsonObject } from '../../../plan/index.ts'

/** How a job ends. */
export interface JobOutcome {
  readonly status: 'completed' | 'failed'
  readonly fields?: JsonObject
}
