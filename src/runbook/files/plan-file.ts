import { existsSync, readFileSync } from 'node:fs'
import { ConfigurationError, hashPlan, isJsonObject, parsePlan } from '../../plan/index.ts'
import { writeWhole } from '../../profiles/index.ts'
import { PLAN_VERSION, type PlanFile, planHash } from '../../run/index.ts'

/** Writes a plan file that only its owner can read, whole or not at all. */
export function writePlanFile(path: string, plan: PlanFile): void {
  writeWhole(path, `${JSON.stringify(plan, undefined, 2)}\n`)
}

const isFolder = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EISDIR'

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
    const what = isFolder(cause) ? 'is a folder' : 'cannot be read as a plan file'
    throw new ConfigurationError(`${path} ${what}. Give the file that tenantlab plan -o wrote.`, { cause })
  }
  if (!isJsonObject(content) || content.format !== 'tenantlab-plan') {
    throw new ConfigurationError(`${path} is not a plan file. Give the file that tenantlab plan -o wrote.`)
  }
  if (content.version !== PLAN_VERSION) {
    throw new ConfigurationError(
      `${path} is a plan file of version ${String(content.version)}, and this release reads version ${PLAN_VERSION}, which says ` +
        'what is to be sent in more detail. Plan again.',
    )
  }
  const { hash, ...rest } = content
  if (hash !== planHash(rest)) {
    throw new ConfigurationError(
      `${path} was changed after tenantlab plan had written it, and is not applied. Plan again.`,
    )
  }
  const plan = content as unknown as PlanFile
  for (const step of plan.steps) {
    if (step.effect === 'wait' || hashPlan(parsePlan(step.plan)) === step.hash) continue
    throw new ConfigurationError(
      `${path}: the plan of the step "${step.id}" does not have the hash beside it. Plan again.`,
    )
  }
  return plan
}
