import type { Json, JsonObject } from '../../plan/index.ts'
import type { SandboxRandom } from './random.ts'
import type { Tables } from './tables.ts'

/** How many log events a tenant keeps; the oldest go. */
export const MOST_EVENTS = 100_000
/** How many go at once: a map walks over all that went before to find the first one left. */
const GO_TOGETHER = 1000

/** Writes tenant log events at a time, with ids that sort by time as Auth0's do. */
export function createLog(tenantName: string, tables: Tables, random: SandboxRandom) {
  let written = 0
  return (at: number, event: { type: string; description?: string; [field: string]: Json | undefined }): void => {
    written += 1
    const [log_id, record] = logRecord(tenantName, at, written, random, event)
    tables.logs.set(log_id, record)
    if (tables.logs.isWaiting || tables.logs.size <= MOST_EVENTS) return
    const oldest = tables.logs.keys()
    for (let gone = 0; gone < GO_TOGETHER; gone += 1) tables.logs.delete(oldest.next().value ?? '')
  }
}

/** A log event with its id, the `number`th of its tenant. */
export function logRecord(
  tenantName: string,
  at: number,
  number: number,
  random: SandboxRandom,
  event: { type: string; [field: string]: Json | undefined },
): readonly [id: string, record: JsonObject] {
  const date = new Date(at).toISOString()
  // Joined, since V8 keeps every part of a string that is only concatenated, for as long as the string lives.
  const log_id = ['900', date.replace(/\D/g, ''), String(number).padStart(12, '0'), random.digits(24)].join('')
  const record: Record<string, Json | undefined> = {
    date,
    log_id,
    _id: log_id,
    isMobile: false,
    tenant_name: tenantName,
    ...event,
  }
  for (const key of Object.keys(record)) if (record[key] === undefined) delete record[key]
  return [log_id, record as JsonObject]
}
