// What each operation of the embedded tenant does, found out by calling all of them; scripts/supported.mjs writes it down.
import { readFileSync } from 'node:fs'
import { judgesFile, later } from '../../scripts/judges/list.mjs'
import type { OperationRow } from '../../src/catalogue/index.ts'
import { type Bench, bench } from './management/harness.ts'
import { type Made, paramsOf, queryOf, walk, walkedRows } from './management/walk.ts'
import { playScenes } from './scenes.ts'

/**
 * `stateful`: a write whose effect another operation shows, or a read that shows what another wrote or that every tenant
 * has. `shaped`: an answer in the right form, nothing proven. `absent`: 404, 405 or 501 where there should be something.
 */
export type Verdict = 'stateful' | 'shaped' | 'absent'

export interface Judged {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly verdict: Verdict
  /** Status of the answer that the walk saw. */
  readonly status: number
}

/** Reads whose content is the same in every tenant and right as it is. */
const CATALOGUES =
  /templates\.(list|get)$|Profiles\.(list|get)Templates?$|DefaultMapping$|^actions\.triggers\.list$|^logs\.|^stats\.|^connections\.checkStatus$/

/** Files are uploaded by a test of their own; their effect is proven there. */
const PROVEN_ELSEWHERE: readonly string[] = ['jobs.usersImports.create', 'events.subscribe']

/** Calls every operation twice, with minimal and with full requests, and looks at all reads before and after each write. */
export async function judgeOperations(): Promise<readonly Judged[]> {
  const effective = new Set<string>(PROVEN_ELSEWHERE)
  const seen = new Map<string, { readonly row: OperationRow; status: number }>()
  for (const size of ['minimal', 'full'] as const) await judgeWalk(size, effective, seen)
  for (const id of (await playScenes()).proven) effective.add(id)
  const others = ['jobs.usersImports.create'].map((id) => ({
    id,
    method: 'POST',
    path: '/api/v2/jobs/users-imports',
    verdict: 'stateful' as const,
    status: 202,
  }))
  const judged = [...seen.values()].map(({ row, status }) => ({
    id: row.id,
    method: row.method,
    path: row.path,
    status,
    verdict: verdictOf(row, status, effective),
  }))
  return [...judged, ...others].sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function judgeWalk(
  size: 'minimal' | 'full',
  effective: Set<string>,
  seen: Map<string, { readonly row: OperationRow; status: number }>,
): Promise<void> {
  const b = bench()
  let before = new Map<string, string>()
  let known: Made = new Map()
  const walker = walk(b, size, async (row, made) => {
    known = made
    if (row.effect === 'write') before = await readAll(b, made)
  })
  for await (const { answer, row } of walker) {
    const held = seen.get(row.id)
    if (held === undefined || held.status >= 400) seen.set(row.id, { row, status: answer.status })
    if (row.effect !== 'write' || answer.status >= 300) continue
    const after = await readAll(b, known)
    const changed = [...after].filter(([key, text]) => before.get(key) !== text).map(([key]) => key)
    const gone = [...before].filter(([key]) => !after.has(key)).map(([key]) => key)
    const outbox = b.lab.outbox.length
    if (changed.length + gone.length > 0 || outbox > 0) effective.add(row.id)
    for (const key of [...changed, ...gone]) effective.add(key.split(' ')[0] ?? '')
    b.lab.outbox.clear()
  }
}

/** The answers of all reads that find something, by operation and path. */
async function readAll(b: Bench, made: Made): Promise<Map<string, string>> {
  const read = new Map<string, string>()
  for (const row of walkedRows()) {
    if (row.method !== 'GET' || row.id === 'events.subscribe') continue
    const params = paramsOf(b, row, made)
    const { body, status } = await b.call(row.id, { params, query: queryOf(b, row) })
    if (status < 300) read.set(`${row.id} ${Object.values(params).join(' ')}`, JSON.stringify(body) ?? '')
  }
  return read
}

function verdictOf(row: OperationRow, status: number, effective: ReadonlySet<string>): Verdict {
  if (effective.has(row.id) || (status < 300 && row.method === 'GET' && CATALOGUES.test(row.id))) return 'stateful'
  return [404, 405, 501].includes(status) && !row.path.includes('{') ? 'absent' : 'shaped'
}

export function countsOf(judged: readonly Judged[]): Readonly<Record<Verdict, number>> {
  const count = (verdict: Verdict) => judged.filter((each) => each.verdict === verdict).length
  return { stateful: count('stateful'), shaped: count('shaped'), absent: count('absent') }
}

/** The page `docs/supported.md`. */
export function report(judged: readonly Judged[]): string {
  const { absent, shaped, stateful } = countsOf(judged)
  const groups = groupsOf(judged)
  const tables = [...groups].map(([group, operations]) => {
    const lines = operations.map(
      ({ id, method, path, verdict }) => `| \`${id}\` | ${method} ${path.replace('/api/v2', '')} | ${verdict} |`,
    )
    return `### ${group}\n\n| operation | request | |\n|---|---|---|\n${lines.join('\n')}\n`
  })
  return `# What the embedded tenant does

<!-- Written by node scripts/supported.mjs; do not edit. -->

All ${judged.length} operations of the Management API, called with minimal and with full requests:

${stateful} stateful, ${shaped} shaped, ${absent} absent

- *stateful*: a write whose effect another operation shows, or a read that shows what another wrote. Read-only catalogues
  count where their content is right.
- *shaped*: the answer has the form that the document tells; the generator's own calls prove no more.
- *absent*: 404, 405 or 501.

${judgesTable()}

## Later

${later.map((feature) => `- ${feature}`).join('\n')}

## Operations

${tables.join('\n')}`
}

/** What official and independent clients said when they last ran. */
interface JudgeResult {
  readonly name: string
  readonly judges: string
  readonly ran: string
  readonly green: number
  readonly later: number
  readonly red: number
}

export function judgeResults(): readonly JudgeResult[] {
  return JSON.parse(readFileSync(judgesFile, 'utf8')) as readonly JudgeResult[]
}

function judgesTable(): string {
  const rows = judgeResults().map(
    ({ name, judges, ran, green, later: waits, red }) =>
      `| ${name} | ${judges} | ${green} | ${waits} | ${red} | ${ran} |`,
  )
  return `## Judges

Clients and tools that know nothing of this package, each with its own checks: *green* where they agree, *later* where
they ask for what is listed below, *red* where they do not agree.

| judge | of what | green | later | red | ran |
|---|---|---|---|---|---|
${rows.join('\n')}`
}

function groupsOf(judged: readonly Judged[]): ReadonlyMap<string, readonly Judged[]> {
  const groups = new Map<string, Judged[]>()
  for (const each of judged) {
    const group = each.id.split('.')[0] ?? ''
    groups.set(group, [...(groups.get(group) ?? []), each])
  }
  return groups
}
