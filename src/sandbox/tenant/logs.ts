import type { Json, JsonObject } from '../../plan/index.ts'
import type { SandboxClock, SandboxRandom, Tables } from '../contract.ts'

/** Writes tenant log events, with ids that sort by time as Auth0's do. */
export function createLog(tenantName: string, tables: Tables, clock: SandboxClock, random: SandboxRandom) {
  return (event: { type: string; description?: string; [field: string]: Json | undefined }): void => {
    const now = new Date(clock.now())
    const stamp = now.toISOString().replace(/\D/g, '')
    const log_id = `900${stamp}${String(tables.logs.size).padStart(12, '0')}${random.digits(24)}`
    const record: Record<string, Json | undefined> = {
      date: now.toISOString(),
      log_id,
      _id: log_id,
      isMobile: false,
      tenant_name: tenantName,
      ...event,
    }
    for (const key of Object.keys(record)) if (record[key] === undefined) delete record[key]
    tables.logs.set(log_id, record as JsonObject)
  }
}
