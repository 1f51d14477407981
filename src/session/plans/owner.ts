import type { Gate, RunSetting } from '../../pipeline/index.ts'
import type { BasePlan, Flow, ObservableLike, PlanEvent } from '../../plan/index.ts'
import type { Session } from '../session.ts'
import { BoundPlan, eventsOf, internalsOfPlan } from './bound-plan.ts'
import { flowEvents, internalsOfFlow, SessionFlow } from './flow.ts'

/** The session that a plan or flow was made with, and that runs it; nothing where none is known. */
export function ownerOf(work: unknown): Session | undefined {
  return (internalsOfPlan(work) ?? internalsOfFlow(work))?.session
}

/**
 * The events of a plan or flow whose requests leave only when the gate lets them; cold. Who runs it tells the line that
 * asked for it. Work of another copy of this package cannot be held back.
 */
export function gatedEvents<T>(work: Pick<BasePlan<T> | Flow<T>, 'events'>, gate: Gate): ObservableLike<PlanEvent<T>> {
  const setting: RunSetting = { gate, callSite: null }
  if (work instanceof BoundPlan) return eventsOf<T>(work, setting)
  return work instanceof SessionFlow ? flowEvents<T>(work, setting) : work.events()
}
