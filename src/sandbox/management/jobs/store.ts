import type { JsonObject } from '../../../plan/index.ts'
import type { Tenant } from '../../contract.ts'
import type { Job } from '../../tenant/index.ts'
import { isoNow, newId, numberOf, stringOf } from '../records.ts'
import type { JobOutcome } from './outcome.ts'
import { finishExport } from './run-export.ts'
import { finishImport } from './run-import.ts'
import { finishVerification } from './run-verification.ts'

const day = 24 * 60 * 60 * 1000

/**
 * Stores a pending job that ends `duration` milliseconds from now, by the passing of time or by moving the clock.
 * `details` may hold private keys, which begin with `$`.
 */
export function startJob(tenant: Tenant, type: string, duration: number, details: JsonObject): Job {
  const id = newId(tenant, 'job_')
  const due = tenant.clock.now() + duration
  const job: Job = {
    id,
    type,
    status: 'pending',
    created_at: isoNow(tenant),
    ...details,
    $started: tenant.clock.now(),
    $due: due,
  }
  tenant.tables.jobs.set(id, job)
  tenant.clock.at(due, () => settleJobs(tenant))
  return job
}

/**
 * Ends the jobs that are due and forgets those that ended a day ago. Runs on the clock and before every look at a job,
 * so that a restored snapshot, which has lost its timers, goes on as well.
 */
export function settleJobs(tenant: Tenant): void {
  const now = tenant.clock.now()
  for (const [id, job] of tenant.tables.jobs) {
    if (job.status === 'pending' && (numberOf(job.$due) ?? 0) <= now) {
      const { status, fields } = finish(tenant, job)
      tenant.tables.jobs.set(id, { ...job, status, ...fields, $ended: now })
    } else if (job.status !== 'pending' && (numberOf(job.$ended) ?? 0) + day <= now) {
      tenant.tables.jobs.delete(id)
    }
  }
}

function finish(tenant: Tenant, job: Job): JobOutcome {
  switch (stringOf(job.type)) {
    case 'users_import':
      return finishImport(tenant, job)
    case 'users_export':
      return finishExport(tenant, job)
    case 'verification_email':
      return finishVerification(tenant, job)
    default:
      throw new Error(`The job ${String(job.id)} has a type that the sandbox does not know: ${String(job.type)}.`)
  }
}

/** Import jobs that have not ended yet. */
export function runningImports(tenant: Tenant): number {
  settleJobs(tenant)
  const running = [...tenant.tables.jobs.values()].filter((job) => job.status === 'pending')
  return running.filter((job) => job.type === 'users_import').length
}
