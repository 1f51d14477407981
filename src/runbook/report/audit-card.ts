import { existsSync } from 'node:fs'
import { type Card, fields, giveLook, type Look, lookOf } from '../../display/index.ts'
import { ConfigurationError, isJsonObject, type Json } from '../../plan/index.ts'
import type { AuditRecord } from '../../run/index.ts'
import { readLines } from '../files/index.ts'

/** Most records in a card; the data has all. */
const MOST_RECORDS = 50
/** Characters of a hash that tell one plan from another. */
const SHORT_HASH = 'sha256-'.length + 8

/**
 * The records of an audit file, which lies beside the journal and ends in `.audit.jsonl`. They show themselves as a table.
 *
 * @throws ConfigurationError when it is not there, or holds no audit records.
 * @example
 * // not run: needs the file
 * readAudit('.tenantlab/journals/run.audit.jsonl').map(({ at }) => at)
 */
export function readAudit(path: string): readonly AuditRecord[] {
  if (!existsSync(path)) {
    throw new ConfigurationError(
      `There is no audit file ${path}. It lies beside the journal, and ends in .audit.jsonl.`,
    )
  }
  const lines = readLines(path)
  const strange = lines.findIndex((line) => !isRecord(line))
  if (strange >= 0) {
    throw new ConfigurationError(
      `Line ${strange + 1} of ${path} is no audit record. Give the file beside the journal that ends in .audit.jsonl.`,
    )
  }
  const records = lines as readonly AuditRecord[]
  giveLook(records, showAudit)
  return records
}

function isRecord(line: unknown): boolean {
  return isJsonObject(line as Json) && NEEDED.every((key) => key in (line as object))
}

const NEEDED: readonly (keyof AuditRecord)[] = ['at', 'run', 'tenant', 'step', 'request', 'method', 'path']

function showAudit(records: readonly AuditRecord[]): Look {
  return lookOf(
    () => cardOf(records),
    () => records,
  )
}

function cardOf(records: readonly AuditRecord[]): Card {
  const shown = records.slice(-MOST_RECORDS)
  const hidden = records.length - shown.length
  const runs = new Set(records.map(({ runbook, tenant }) => `${runbook} on ${tenant}`))
  return {
    title: `audit · ${records.length} ${records.length === 1 ? 'request' : 'requests'} · ${[...runs].join('; ')}`,
    blocks: [
      fields(
        ['as', [...new Set(records.map(({ who }) => who))].join(', ') || undefined],
        ['from', records[0]?.at],
        ['to', records.at(-1)?.at],
        ['plan file', [...new Set(records.flatMap(({ planFile = [] }) => planFile))].join(', ') || undefined],
      ),
      {
        kind: 'table',
        columns: ['at', 'step', 'request', 'answer', 'plan', 'request id'],
        rows: shown.map(({ at, step, method, path, status, fault, requestId, plan }) => [
          at.slice(11, 19),
          step,
          `${method} ${path}`,
          String(status ?? fault ?? 'none'),
          plan?.slice(0, SHORT_HASH) ?? '',
          requestId ?? '',
        ]),
        ...(hidden > 0 && { rest: `${hidden} earlier records are in the data.` }),
      },
    ],
  }
}
