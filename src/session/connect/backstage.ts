import type { Gate, RunSetting } from '../../pipeline/index.ts'
import {
  type Bind,
  ConfigurationError,
  type Diff,
  type Flow,
  type Plan,
  type PlanData,
  type PlanEvent,
  type Runner,
  type Subscribable,
} from '../../plan/index.ts'
import { decodeToken } from '../../tokens/index.ts'
import { BoundPlan, eventsOf, flowEvents, SessionFlow } from '../plans/index.ts'
import type { Session } from '../session.ts'
import type { Settings } from './settings.ts'

/** What other rooms of this package may know of a session, and its reader does not. */
export interface Backstage {
  readonly bind: Bind
  /** Runs flows on the session's clock. */
  readonly runner: Runner
  /** Client id, or the subject of a token of one's own; for records of who did what. */
  readonly who: string
  /** Stands for where the bytes go: two sandboxes may have one domain. */
  readonly way: object
}

type PredictionWatcher = (plan: PlanData, diff: Diff) => void

const stages = new WeakMap<object, Backstage>()
const watchers = new WeakMap<Bind, Set<PredictionWatcher>>()
const everywhere = new Set<PredictionWatcher>()

/** Remembers what lies behind a session. */
export function keepBackstage(session: Session, runner: Runner, settings: Settings, way: object): void {
  stages.set(session, { bind: runner.bind, runner, who: whoIs(settings), way })
}

/**
 * What lies behind a session.
 *
 * @throws ConfigurationError for what is no session of this package.
 */
export function backstageOf(session: Session): Backstage {
  const stage = stages.get(session)
  if (stage === undefined) throw new ConfigurationError('This is no session of connect(). Pass the session itself.')
  return stage
}

/**
 * The events of a plan or flow whose requests leave only when the gate lets them; cold. Who runs it tells the line that
 * asked for it. Work of another copy of this package cannot be held back.
 */
export function gatedEvents<T>(work: Pick<Plan<T> | Flow<T>, 'events'>, gate: Gate): Subscribable<PlanEvent<T>> {
  const setting: RunSetting = { gate, callSite: null }
  if (work instanceof BoundPlan) return eventsOf<T>(work, setting)
  return work instanceof SessionFlow ? flowEvents<T>(work, setting) : work.events()
}

/** Tells of every write that the session predicts instead of sending it; the answer ends it. */
export function watchPredictions(session: Session, watcher: PredictionWatcher): () => void {
  const { bind } = backstageOf(session)
  const all = watchers.get(bind) ?? new Set()
  watchers.set(bind, all.add(watcher))
  return () => all.delete(watcher)
}

/** The same for every session of the process, whoever connects it. */
export function watchAllPredictions(watcher: PredictionWatcher): () => void {
  everywhere.add(watcher)
  return () => everywhere.delete(watcher)
}

/** Tells the watchers that a write is predicted. */
export function notePrediction(bind: Bind, plan: PlanData, diff: Diff): void {
  for (const watcher of [...(watchers.get(bind) ?? []), ...everywhere]) watcher(plan, diff)
}

function whoIs({ client, token }: Settings): string {
  if (client !== undefined) return client.clientId
  if (typeof token !== 'string') return token === undefined ? 'nobody' : 'a delegate'
  const subject = decodeToken(token)?.claims.sub
  return typeof subject === 'string' ? subject : 'a token of unknown subject'
}
