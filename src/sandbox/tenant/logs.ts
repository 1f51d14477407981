import type { Json, JsonObject } from '../../plan/index.ts'
import type { SandboxRandom } from './random.ts'
import type { Tables } from './tables.ts'

/** How many log events a tenant keeps; the oldest go. */
const MOST_EVENTS = 100_000
/** How many go at once: a map walks over all that went before to find the first one left. */
const GO_TOGETHER = 1000

/** Writes tenant log events at a time, with ids that sort by time as Auth0's do. */
export function createLog(tenantName: string, tables: Tables, random: SandboxRandom) {
  let written = 0
  return (at: number, event: { type: string; description?: string; [field: string]: Json | undefined }): void => {
    const date = new Date(at).toISOString()
    written += 1
    const stamp = date.replace(/\D/g, '')
    // Joined, since V8 keeps every part of a string that is only concatenated, for as long as the string lives.
    const log_id = ['900', stamp, String(written).padStart(12, '0'), random.digits(24)].join('')
    const record: Record<string, Json | undefined> = {
      date,
      log_id,
      _id: log_id,
      isMobile: false,
      tenant_name: tenantName,
      ...event,
    }
    for (const key of Object.keys(record)) if (record[key] === undefined) delete record[key]
    tables.logs.set(log_id, record as JsonObject)
    if (tables.logs.size <= MOST_EVENTS) return
    const oldest = tables.logs.keys()
    for (let gone = 0; gone < GO_TOGETHER; gone += 1) tables.logs.delete(oldest.next().value ?? '')
  }
}
