import { ConfigurationError, canonicalJson, type Json, SECRET_MARK } from '../../plan/index.ts'
import type { OpenedEntry } from '../journal/index.ts'
import type { Run, RunParts } from './run.ts'

/**
 * Refuses to go on with the journal of another tenant, another runbook or other parameters.
 *
 * @param shown the parameters, secrets hidden.
 * @throws ConfigurationError that says which.
 */
export function checkResumption(parts: RunParts, opened: OpenedEntry, shown: Json | undefined): void {
  checkTarget(parts, opened)
  checkParams(opened, shown)
  checkSecrets(parts, opened)
}

/** A journal goes on in the tenant, and with the runbook, that it was begun with. */
function checkTarget({ session, runbook }: RunParts, opened: OpenedEntry): void {
  if (opened.tenant !== session.domain) {
    throw new ConfigurationError(
      `The journal belongs to the tenant ${opened.tenant}, and the session is connected with ${session.domain}. Connect with the journal's tenant.`,
    )
  }
  if (opened.runbook !== runbook) {
    throw new ConfigurationError(
      `The journal belongs to the runbook "${opened.runbook}", not to "${runbook}". Give the journal of this runbook.`,
    )
  }
}

/** What is recorded was done with the parameters of then; others would make a run of two halves. */
function checkParams(opened: OpenedEntry, shown: Json | undefined): void {
  const differing = differences(opened.params, shown)
  if (differing.length === 0) return
  throw new ConfigurationError(
    `The journal was begun with other parameters: ${differing.join(', ')}. Nothing was sent. ` +
      'Give those of the journal, or leave them out, so that they are taken from it; or start a new run.',
  )
}

/** Secrets are compared by their hashes, which a salt beside the journal keys. */
function checkSecrets({ secrets }: RunParts, opened: OpenedEntry): void {
  if (secrets === undefined || opened.secrets === undefined || secrets === opened.secrets) return
  throw new ConfigurationError(
    'The journal was begun with another value of a secret parameter. Nothing was sent. Give that of the journal, or start a new run.',
  )
}

function differences(recorded: Json | undefined, given: Json | undefined): readonly string[] {
  const [before, now] = [recorded, given].map(
    (params) => (params ?? {}) as { readonly [name: string]: Json | undefined },
  )
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})])
  return [...names].flatMap((name) => {
    const [then, current] = [before, now].map((params) => {
      const value = params?.[name]
      return value === undefined ? 'nothing' : canonicalJson(value)
    }) as [string, string]
    // Secrets are in no journal: whether they are the same nobody can tell.
    const same = then === current || then.includes(SECRET_MARK) || current.includes(SECRET_MARK)
    return same ? [] : [`"${name}" was ${then} and is ${current}`]
  })
}

/** Steps that the journal records and that the runbook has not come to: it takes another way than the run before. */
export function tellUnmet(run: Run): void {
  if (run.predicting) return
  for (const { id, unknown } of run.unmet()) {
    const fate = unknown ? ' What became of it is not known.' : ''
    run.tell({
      type: 'say',
      text: `The journal records the step "${id}", to which this run has not come.${fate} Look whether the runbook or what it reads has changed.`,
    })
  }
}
