import type { JsonObject } from '../../../plan/index.ts'
import type { ManagementCall, ManagementHandler, Tenant } from '../../contract.ts'
import type { Job } from '../../tenant/index.ts'
import { refuse, reply } from '../answer.ts'
import { collection, listOf, numberOf, objectsOf, parameter, pick, publicRecord, stringOf } from '../records.ts'
import { exportTypes } from './run-export.ts'
import { settleJobs } from './store.ts'

const linkLifetime = 60_000

function jobOf(call: ManagementCall): Job {
  settleJobs(call.tenant)
  return call.tenant.tables.jobs.get(parameter(call, 'id')) ?? refuse(404, 'The job does not exist.', 'inexistent_job')
}

/** GET /jobs/{id}. Page: https://auth0.com/docs/manage-users/user-migration/bulk-user-imports */
const get: ManagementHandler = (call) => {
  const job = jobOf(call)
  const shown = publicRecord(job)
  if (job.status === 'pending') return reply(200, { ...shown, ...progress(call, job) })
  if (job.type === 'users_export' && job.status === 'completed')
    return reply(200, { ...shown, location: freshLink(call, job) })
  return reply(200, shown)
}

function progress(call: ManagementCall, job: Job): JsonObject {
  const [started, due, now] = [numberOf(job.$started) ?? 0, numberOf(job.$due) ?? 0, call.tenant.clock.now()]
  const share = due === started ? 0 : Math.min(Math.max((now - started) / (due - started), 0), 0.99)
  return { percentage_done: Math.floor(share * 100), time_left_seconds: Math.ceil(Math.max(due - now, 0) / 1000) }
}

/** Every look at a finished export gives a new link, which lasts a minute. */
function freshLink(call: ManagementCall, job: Job): string {
  const id = call.tenant.random.text(32)
  collection(call.tenant, 'export-links').set(id, {
    job_id: job.id ?? '',
    expires_at: call.tenant.clock.now() + linkLifetime,
  })
  return `${call.origin}/exports/${id}`
}

/**
 * The file behind an export link (`/exports/{id}`), which the sandbox serves on its own host.
 * Answers `undefined` for a link that is unknown or older than a minute.
 */
export function exportFile(
  tenant: Tenant,
  id: string,
): { readonly type: string; readonly content: string } | undefined {
  settleJobs(tenant)
  const links = collection(tenant, 'export-links')
  const link = links.get(id)
  if (link === undefined) return undefined
  if ((numberOf(link.expires_at) ?? 0) < tenant.clock.now()) {
    links.delete(id)
    return undefined
  }
  const job = tenant.tables.jobs.get(stringOf(link.job_id) ?? '')
  const content = stringOf(job?.$content)
  if (content === undefined) return undefined
  return { type: exportTypes[job?.format === 'csv' ? 'csv' : 'json'], content }
}

/** GET /jobs/{id}/errors: a list for imports, one object for a failed job, 204 when there is nothing to report. */
const errors: ManagementHandler = (call) => {
  const job = jobOf(call)
  if (job.status === 'failed') {
    return reply(200, pick(job, 'id', 'type', 'status', 'created_at', 'connection_id', 'status_details'))
  }
  const reported = objectsOf(job.$errors)
  return listOf(job.$errors).length === 0 ? reply(204) : reply(200, reported)
}

export const jobHandlers: Readonly<Record<string, ManagementHandler>> = {
  'jobs.get': get,
  'jobs.errors.get': errors,
}
