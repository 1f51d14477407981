import { optionFault } from '../catalogue/index.ts'
import type { FlowContext, FlowStep, Json, JsonObject, Plan, Runner } from '../plan/index.ts'
import { isTenantlabError, planData, refuseArgument, TenantlabError } from '../plan/index.ts'
import { jobFinishedFlow } from './job-finished.ts'
import type { PullItems } from './pull.ts'

/** What an export says: what `auth0.jobs.usersExports.create()` takes, its fields by their names alone. */
export interface ExportQuery {
  readonly connection_id?: string
  readonly format?: 'json' | 'csv'
  readonly fields?: readonly (string | { readonly name: string; readonly export_as?: string })[]
  readonly limit?: number
}

/** How the job of an export is awaited. */
export interface ExportSettings {
  /** Milliseconds before the second look at the job; 2 000 when left out. */
  readonly every?: number
  /** Milliseconds after which waiting for the job ends; two hours when left out. */
  readonly timeout?: number
}

/** Reads the file behind a link line by line; without a credential, since the link is one. */
export type ReadLines = (link: string, signal: AbortSignal) => AsyncIterable<string>

interface ExportJob {
  readonly id: string
  readonly status?: string
  readonly status_details?: string
  readonly location?: string
}

const OWN = ['connection_id', 'format', 'fields', 'limit']
/** Links that are asked for before a download is given up: each lasts a minute. */
const LINKS = 3

/**
 * All users as the lines of an export job: the job is made and awaited, and its file is read by a link that is never
 * shown. A link that has run out, or a download that breaks off before its first line was handed on, gets another.
 *
 * @throws ValidationError for what an export does not take.
 */
export function exportUsers(
  query: ExportQuery,
  runner: Runner,
  read: ReadLines,
  { every = 2000, timeout }: ExportSettings = {},
): { steps(): readonly FlowStep[]; readonly pull: PullItems<string> } {
  const body = bodyOf(query)
  const create = planData({ op: 'jobs.usersExports.create', body })
  const steps = (): readonly FlowStep[] => [
    { purpose: 'make an export job', plan: create },
    { purpose: `read the job every ${every} ms or more until it is completed or failed` },
    { purpose: 'read its file by a link that lasts a minute, line by line: it is no request of the Management API' },
  ]
  const look = (id: string): Plan<ExportJob> => runner.bind<ExportJob>(planData({ op: 'jobs.get', params: { id } }))
  const pull: PullItems<string> = async function* (context: FlowContext) {
    const { id } = await context.run(runner.bind<ExportJob>(create), { key: 'export' })
    // What a check does not send has no job to wait for.
    if (context.predicts === true) return
    const waiting = { every, ...(timeout !== undefined && { timeout }) }
    const ended = await context.run(jobFinishedFlow<ExportJob>(id, look(id), runner, waiting), { key: 'finished' })
    if (ended.status !== 'completed') throw failed(ended)
    for (let links = 1; ; links += 1) {
      const { location = '' } = await context.run(look(id), { key: links === 1 ? 'link' : `link ${links}` })
      let given = 0
      try {
        for await (const line of read(location, context.signal)) {
          given += 1
          yield line
        }
        return
      } catch (error) {
        const heals = isTenantlabError(error) && (error.kind === 'network' || error.kind === 'api')
        if (!heals || given > 0 || links === LINKS) throw error
      }
    }
  }
  return { steps, pull }
}

function failed({ id, status, status_details }: ExportJob): TenantlabError {
  const why = status_details === undefined ? '' : ` ${status_details}`
  return new TenantlabError(
    'api',
    `auth0.users.export(): the job ${id} ended as "${status}".${why} Look at it with auth0.jobs('${id}').errors.get(), and export again.`,
  )
}

function bodyOf(query: ExportQuery): JsonObject {
  const fault = optionFault(query, OWN)
  if (fault !== undefined) {
    const next = fault.path === 'q' ? 'For a query write auth0.users.every({ q }).' : fault.next
    refuseArgument('auth0.users.export()', { ...fault, next })
  }
  const { fields, format = 'json', ...rest } = query
  const named = fields?.map((field) => (typeof field === 'string' ? { name: field } : field))
  return { ...rest, format, ...(named !== undefined && { fields: named as unknown as Json }) } as JsonObject
}
