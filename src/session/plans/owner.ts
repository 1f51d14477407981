import type { Session } from '../session.ts'
import { homeOfPlan } from './bound-plan.ts'
import { homeOfFlow } from './flow.ts'

/** The session that a plan or flow was made with, and that runs it; nothing where none is known. */
export function ownerOf(work: unknown): Session | undefined {
  return (homeOfPlan(work) ?? homeOfFlow(work))?.session
}
