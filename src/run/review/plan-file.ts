import { canonicalJson, type Json, sha256 } from '../../plan/index.ts'
import type { PlanFile, PlannedStep, SaidText } from './contract.ts'

/** 1 took any text in braces for a placeholder; 2 held no step that is done already, and no time to wait until. */
export const PLAN_VERSION = 3

/** What a plan file is made of. */
export interface PlanParts {
  readonly runbook: string
  readonly tenant: string
  readonly at: string
  readonly who: string
  readonly params?: Json
  readonly steps: readonly PlannedStep[]
  /** What the runbook said while it was planned. */
  readonly said?: readonly SaidText[]
}

/** A plan as it is saved, with the hash over all of it. */
export function planFile({ said = [], ...parts }: PlanParts): PlanFile {
  const texts = said.length === 0 ? {} : { said }
  const content = { format: 'tenantlab-plan', version: PLAN_VERSION, ...parts, ...texts } as const
  return { ...content, hash: planHash(content) }
}

/** The hash over everything of a plan file but the hash itself. */
export function planHash(content: object): string {
  return `sha256-${sha256(canonicalJson(content))}`
}
