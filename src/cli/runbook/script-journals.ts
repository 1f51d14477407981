import { basename } from 'node:path'
import { connect } from '../../connect/index.ts'
import type { ScriptRunOptions } from '../../notebook/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import type { Session } from '../../session/index.ts'
import { textOf, type Values } from '../words/index.ts'
import { EMBEDDED, type JournalWish, journalFor } from './journals.ts'
import { absolute } from './script-name.ts'
import { budgetOf } from './targets.ts'

/** A journal for each tenant, and the limits of the command for it. */
export function journalsOf(
  file: string,
  predicting: boolean,
  values: Values,
): NonNullable<ScriptRunOptions['journalOf']> {
  const home = process.cwd()
  const path = absolute(textOf(values, 'journal'))
  const budget = budgetOf(values)
  let tenants = 0
  return ({ domain }: Session, runbook: string) => {
    if (budget.rateLimit !== undefined) connect({ domain, ...budget })
    if (predicting) return {}
    tenants += 1
    const resume = values.resume === true
    if (resume && domain.endsWith(EMBEDDED)) {
      throw new ConfigurationError(
        `--resume: ${basename(file)} runs on an embedded tenant, which ended with the run before. Run it anew without --resume, or name a tenant with --tenant.`,
      )
    }
    if (path !== undefined && tenants > 1) {
      throw new ConfigurationError(
        `--journal names one file, and ${basename(file)} comes to a second tenant, ${domain}. Leave it out: each tenant has a journal of its own.`,
      )
    }
    const wish = { runbook, tenant: domain, home, ...(path !== undefined && { path }) }
    return { journal: resume ? unfinishedOrNew(wish, tenants) : journalFor({ ...wish, resume: false }) }
  }
}

/** The first tenant must have a journal to go on with; the run before may not have come to the others. */
function unfinishedOrNew(wish: Omit<JournalWish, 'resume'>, tenants: number): string {
  try {
    return journalFor({ ...wish, resume: true })
  } catch (error) {
    if (tenants === 1 || !(error instanceof ConfigurationError)) throw error
    return journalFor({ ...wish, resume: false })
  }
}
