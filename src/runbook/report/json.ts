import type { Report } from './contract.ts'

/** Events as JSON lines; the first, which is written at once, tells the version of the format. */
export function jsonReport(write: (line: string) => void, versions: { events: string; tenantlab: string }): Report {
  write(JSON.stringify({ type: 'version', version: versions.events, tenantlab: versions.tenantlab }))
  return {
    hear: (event) => write(JSON.stringify(event)),
    // What is no event is none for a program either.
    note: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    close: () => undefined,
  }
}
