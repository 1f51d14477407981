import { type Block, type Card, differencesOf, fields, type Look, lookOf, notes } from '../../display/index.ts'
import { type Change, isSecretSlot, type Json, SECRET_MARK } from '../../plan/index.ts'
import { itemsTexts, type RunAccount, type StepAccount } from './account.ts'
import { MARKS, OUTCOMES, placeText, summaryText } from './line.ts'
import { countdown, WAITS } from './status.ts'

/** Most steps in a card; the data has all. */
const MOST_STEPS = 50
/** Most changes in a card. */
const MOST_CHANGES = 60
/** Steps that a card shows while the run goes on. */
const LATEST = 8

/** Where the records of a run are kept. */
export interface KeptRecords {
  readonly journal?: string
  readonly audit?: string
}

/**
 * The card of a run, while it goes on and afterwards.
 *
 * @param now milliseconds since the epoch, for what is left of a wait; read when it is drawn.
 */
export function showRun(account: RunAccount, kept: KeptRecords = {}, now: () => number = Date.now): Look {
  return lookOf(
    () => (account.status === undefined ? runningCard(account, now()) : endedCard(account, kept)),
    () => runData(account, kept),
  )
}

const TONES = { done: 'good', failed: 'bad', stopped: 'warn', drift: 'warn' } as const

function endedCard(account: RunAccount, kept: KeptRecords): Card {
  const { status = 'done', summary, message, place, said, drifts } = account
  const steps = [...account.steps.values()]
  return {
    title: titleOf(account, status),
    tone: TONES[status],
    blocks: [
      fields(
        ['tenant', account.tenant],
        ['as', account.who === '' ? undefined : account.who],
        ['counts', summary && summaryText(summary)],
        ['stopped at', place && placeText(place)],
        ['journal', kept.journal],
        ['audit', kept.audit],
      ),
      ...(steps.length === 0 ? [] : [stepTable(account, shownOf(steps))]),
      ...changeBlocks(steps),
      ...drifts.flatMap(({ step, changes }) => [
        ...notes('warn', [`${step} has drifted`]),
        differencesIn(changes.slice(0, MOST_CHANGES)),
      ]),
      ...notes('plain', said),
      ...notes(status === 'failed' ? 'bad' : 'warn', [message]),
    ],
  }
}

function titleOf({ runbook, mode, summary }: RunAccount, status: string): string {
  const { pending = 0, written = 0 } = summary ?? {}
  const counts = [
    ...(pending > 0 ? [`${pending} ${pending === 1 ? 'change' : 'changes'} pending`] : []),
    ...(written > 0 ? [`${written} written`] : []),
  ]
  return [runbook, mode, status, ...counts].join(' · ')
}

function runningCard(account: RunAccount, now: number): Card {
  const steps = [...account.steps.values()]
  const { present, bucket, requests } = account
  const done = steps.filter(({ outcome }) => outcome !== undefined)
  const before = Math.max(done.length - LATEST, 0)
  const { limit, remaining } = bucket ?? {}
  const wait = waitText(account, now)
  const items = account.items === undefined ? undefined : itemsTexts(account.items)
  const table = stepTable(account, { steps: done.slice(before), hidden: before })
  return {
    title: [account.runbook, account.mode, `${done.length} ${done.length === 1 ? 'step' : 'steps'} done`]
      .concat(present === undefined ? [] : [present.step], wait === undefined ? [] : [wait])
      .join(' · '),
    blocks: [
      fields(
        ['tenant', account.tenant],
        ['now', present && [present.step, present.route ?? present.operation ?? ''].join(': ')],
        ['items', items && [items.count, items.rate, items.left].filter((text) => text !== undefined).join(' · ')],
        ['waits', wait],
        ['requests', String(requests)],
      ),
      ...(limit !== undefined && remaining !== undefined && limit > 0
        ? [{ kind: 'gauges', gauges: [{ name: 'rate limit', left: remaining, size: limit }] } satisfies Block]
        : []),
      ...(done.length === 0 ? [] : [{ ...table, ...(before > 0 && { rest: `${before} steps came before these.` }) }]),
      ...notes('plain', account.said.slice(-LATEST)),
    ],
  }
}

/** `for its time, until 10:30:00 UTC (59 min 3 s)` */
function waitText({ wait }: RunAccount, now: number): string | undefined {
  if (wait === undefined) return undefined
  const what = `waits for ${WAITS[wait.reason] ?? 'another try'}`
  if (wait.until === undefined) return what
  const clock = new Date(wait.until).toISOString().slice(11, 19)
  return `${what}, until ${clock} UTC (${countdown(wait.until - now)})`
}

/** The steps that find a place: where they are many, reads that went well are left out first. */
function shownOf(steps: readonly StepAccount[]): { steps: readonly StepAccount[]; hidden: number } {
  if (steps.length <= MOST_STEPS) return { steps, hidden: 0 }
  const telling = steps.filter(({ effect, outcome }) => effect !== 'read' || outcome === 'failed')
  // How a run ended is at its end.
  const kept = telling.length <= MOST_STEPS ? telling : telling.slice(-MOST_STEPS)
  return { steps: kept, hidden: steps.length - kept.length }
}

function stepTable(
  account: RunAccount,
  { steps, hidden }: { readonly steps: readonly StepAccount[]; readonly hidden: number },
): Extract<Block, { kind: 'table' }> {
  const columns: readonly (readonly [string, (step: StepAccount) => string])[] = [
    ['step', ({ step }) => step],
    ['outcome', outcomeText],
    ...(account.predicts ? [['changes', changeCount] as const] : []),
    ['answer', answerText],
    ['request', requestText],
    ['request id', ({ requestIds }) => requestIds.at(-1) ?? ''],
  ]
  const filled = columns.filter(([name, text]) => name === 'step' || steps.some((step) => text(step) !== ''))
  return {
    kind: 'table',
    columns: filled.map(([name]) => name),
    rows: steps.map((step) => filled.map(([, text]) => text(step))),
    ...(hidden > 0 && { rest: `${hidden} more steps are in the data.` }),
  }
}

function outcomeText({ outcome, reason }: StepAccount): string {
  if (outcome === undefined) return '… not over'
  return `${MARKS[outcome]} ${OUTCOMES[outcome]}${reason === undefined ? '' : `: ${reason}`}`
}

function requestText({ route, operation = '', requests, outcome }: StepAccount): string {
  const what = route ?? (operation === 'wait' || outcome === 'recorded' ? '' : operation)
  return requests > 1 ? `${what} (${requests} requests)` : what
}

/** What the server said last; a predicted write has no answer. */
function answerText({ status, requests, outcome, action }: StepAccount): string {
  if (requests === 0 || action !== undefined || outcome === 'predicted') return ''
  return status === undefined ? 'none' : String(status)
}

/** `update +4 ~1`; the action alone where nothing is known of the changes. */
function changeCount({ action, changes = [], outcome, reason }: StepAccount): string {
  if (action === undefined) return ''
  const counts = (['added', 'changed', 'removed'] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length
    return count === 0 ? [] : [`${KINDS[kind]}${count}`]
  })
  if (counts.length > 0) return `${action} ${counts.join(' ')}`
  return outcome === 'predicted' && reason === 'it changes nothing' ? '' : action
}

const KINDS = { added: '+', changed: '~', removed: '-' } as const

/** The changes of each write that is predicted, under the name of its step. */
function changeBlocks(steps: readonly StepAccount[]): readonly Block[] {
  const changing = steps.filter(({ changes }) => (changes?.length ?? 0) > 0)
  const blocks: Block[] = []
  let room = MOST_CHANGES
  for (const { step, changes = [] } of changing) {
    if (room <= 0) break
    blocks.push(...notes('plain', [`${step}:`]), differencesIn(changes.slice(0, room)))
    room -= changes.length
  }
  const all = changing.reduce((sum, { changes = [] }) => sum + changes.length, 0)
  const hidden = Math.max(all - MOST_CHANGES, 0)
  return hidden === 0
    ? blocks
    : [...blocks, ...notes('plain', [`${hidden} more ${hidden === 1 ? 'change is' : 'changes are'} in the data.`])]
}

/** Differences as a card shows them. */
function differencesIn(changes: readonly Change[]): Extract<Block, { kind: 'differences' }> {
  return { kind: 'differences', differences: changes.flatMap((change) => differencesOf(change, valueText)) }
}

/** A value on one line; a slot names a secret that travels beside the plan, and is one to a reader. */
function valueText(value: Json): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value, (_, member: Json) => (isSecretSlot(member) ? SECRET_MARK : member)).replaceAll(
    `"${SECRET_MARK}"`,
    SECRET_MARK,
  )
}

/** What a card says, and what it has no room for, as data. */
function runData(account: RunAccount, kept: KeptRecords): Readonly<Record<string, unknown>> {
  const { runbook, mode, tenant, who, status = 'running', summary, message, said, drifts } = account
  return {
    runbook,
    mode,
    tenant,
    who,
    status,
    ...(summary && { summary }),
    ...(message !== undefined && { message }),
    ...kept,
    steps: [...account.steps.values()],
    ...(said.length > 0 && { said }),
    ...(drifts.length > 0 && { drifts }),
  }
}
