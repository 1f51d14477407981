import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { ConfigurationError, canonicalJson, hashPlan, isJsonObject, type Json, parsePlan } from '../../plan/index.ts'
import type { PlanFile, PlannedStep, SaidText } from '../../run/review/contract.ts'

/** 1 kept no wait at the end, and took any text in braces for a placeholder. */
const VERSION = 2

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
  const content = { format: 'tenantlab-plan', version: VERSION, ...parts, ...texts } as const
  return { ...content, hash: hashOf(content) }
}

/** Writes a plan file that only its owner can read, whole or not at all. */
export function writePlanFile(path: string, plan: PlanFile): void {
  writeFileSync(`${path}.part`, `${JSON.stringify(plan, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.part`, path)
}

/**
 * Reads a plan file.
 *
 * @throws ConfigurationError when it is none, or was changed after it had been written.
 */
export function readPlanFile(path: string): PlanFile {
  if (!existsSync(path)) {
    throw new ConfigurationError(`There is no plan file ${path}. Give the file that tenantlab plan -o wrote.`)
  }
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new ConfigurationError(`${path} cannot be read as a plan file. Give the file that tenantlab plan -o wrote.`, {
      cause,
    })
  }
  if (!isJsonObject(content) || content.format !== 'tenantlab-plan') {
    throw new ConfigurationError(`${path} is no plan file. Give the file that tenantlab plan -o wrote.`)
  }
  if (content.version !== VERSION) {
    throw new ConfigurationError(
      `${path} is a plan file of version ${String(content.version)}, and this release reads version ${VERSION}, which says ` +
        'what is to be sent in more detail. Plan anew.',
    )
  }
  const { hash, ...rest } = content
  if (hash !== hashOf(rest)) {
    throw new ConfigurationError(
      `${path} was changed after tenantlab plan had written it, and is not applied. Plan anew.`,
    )
  }
  const plan = content as unknown as PlanFile
  for (const step of plan.steps) {
    if (step.effect === 'wait' || hashPlan(parsePlan(step.plan)) === step.hash) continue
    throw new ConfigurationError(
      `${path}: the plan of the step "${step.id}" does not have the hash beside it. Plan anew.`,
    )
  }
  return plan
}

function hashOf(content: object): string {
  return `sha256-${createHash('sha256').update(canonicalJson(content)).digest('hex')}`
}
