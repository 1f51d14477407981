import type { Tenant } from '../../contract.ts'
import type { NetworkAcl } from '../../tenant/index.ts'
import { collection, numberOf, objectOf, pick, stringOf } from '../records.ts'

const window = 10 * 60 * 1000

/** Counts one evaluation of an ACL; the counts go into the log event `acls_summary` every ten minutes. */
export function countAcl(tenant: Tenant, acl: NetworkAcl, matched: boolean): void {
  const counters = collection(tenant, 'acl-counters')
  const start = Math.floor(tenant.clock.now() / window) * window
  writeSummary(tenant, start)
  if (counters.size === 0) tenant.clock.at(start + window, () => writeSummary(tenant, start + window))
  const id = stringOf(acl.id) ?? ''
  const held = counters.get(id)
  counters.set(id, {
    start: numberOf(held?.start) ?? start,
    acl: pick(acl, 'description', 'priority', 'rule'),
    matches: (numberOf(held?.matches) ?? 0) + (matched ? 1 : 0),
    requests: (numberOf(held?.requests) ?? 0) + 1,
  })
}

/** Writes what was counted before `now`. */
function writeSummary(tenant: Tenant, now: number): void {
  const counters = collection(tenant, 'acl-counters')
  const due = [...counters].filter(([, counter]) => (numberOf(counter.start) ?? 0) < now)
  const start = numberOf(due[0]?.[1].start)
  if (start === undefined) return
  const stats = due.map(([id, counter]) => {
    const acl = objectOf(counter.acl) ?? {}
    const action = objectOf(objectOf(acl['rule'])?.['action']) ?? {}
    return {
      acl_id: id,
      action: ['log', 'block', 'redirect', 'allow'].find((name) => action[name] === true) ?? 'allow',
      description: stringOf(acl['description']) ?? '',
      priority: numberOf(acl['priority']) ?? 0,
      match: { successes: numberOf(counter.matches) ?? 0 },
      total_request_count: { successes: numberOf(counter.requests) ?? 0 },
    }
  })
  for (const [id] of due) counters.delete(id)
  tenant.log({
    type: 'acls_summary',
    description: 'Summary of the network ACLs of the last ten minutes.',
    details: { start_time: new Date(start).toISOString(), end_time: new Date(start + window).toISOString(), stats },
  })
}
