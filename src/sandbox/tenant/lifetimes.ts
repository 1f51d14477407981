import type { Tables } from './tables.ts'

const HOUR = 3_600_000
const USUAL_HOURS = { session_lifetime: 168, idle_session_lifetime: 72 } as const

/** How long a login in a browser lasts by the settings of the tenant, in milliseconds. */
export function sessionLifetime(tables: Tables, name: keyof typeof USUAL_HOURS): number {
  const hours = tables.documents.get('tenant')?.[name]
  return (typeof hours === 'number' && hours > 0 ? hours : USUAL_HOURS[name]) * HOUR
}
