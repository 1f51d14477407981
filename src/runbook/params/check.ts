import { nearest } from '../../catalogue/index.ts'
import {
  isJsonObject,
  isSecretName,
  type Json,
  SECRET_MARK,
  ValidationError,
  type ValidationIssue,
} from '../../plan/index.ts'
import type { Redactor, Runbook } from '../../run/index.ts'
import { knownParams, parametersOf } from './describe.ts'

/**
 * Parameters as the runbook's schema gives them; secrets among them are told to the redactor before anything is shown.
 *
 * @throws ValidationError naming each parameter and rule, without a value.
 */
export function checkParams<P>(runbook: Runbook<P>, given: unknown, redactor: Redactor): P {
  const input = given ?? {}
  const secret = secretParams(runbook)
  for (const [name, value] of Object.entries(input)) if (secret(name)) redactor.add(value)
  refuseUnknown(runbook, Object.keys(input))
  if (runbook.params === undefined) return input as P
  try {
    return runbook.params.parse(input)
  } catch (cause) {
    const issues = issuesOf(cause).map((issue) => missing(runbook, input, issue) ?? issue)
    const list = issues.map(({ path, rule }) => `${path === '' ? 'the parameters' : `"${path}"`}: ${rule}`).join('; ')
    throw new ValidationError(
      `The parameters of "${runbook.name}" do not hold: ${redactor.text(list)}. Nothing was sent.`,
      { issues },
    )
  }
}

/** A parameter that the runbook does not have would do nothing, and its default would be taken. */
function refuseUnknown<P>(runbook: Runbook<P>, given: readonly string[]): void {
  const known = knownParams(runbook.params)
  const unknown = known === undefined ? [] : given.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  const issues = unknown.map((name) => {
    const near = nearest(name, known ?? [])
    return { path: name, rule: `is not a parameter of it${near === undefined ? '' : `; did you mean "${near}"?`}` }
  })
  const list = issues.map(({ path, rule }) => `"${path}" ${rule}`).join('; ')
  const there = known?.length === 0 ? 'it has none' : `it has ${known?.join(', ')}`
  throw new ValidationError(`The parameters of "${runbook.name}" do not hold: ${list} (${there}). Nothing was sent.`, {
    issues,
  })
}

/** What was not given at all is told with the places that it could come from. */
function missing<P>(runbook: Runbook<P>, given: object, { path }: ValidationIssue): ValidationIssue | undefined {
  const parameter = parametersOf(runbook.params).find(({ name }) => name === path)
  if (parameter === undefined || (given as Record<string, unknown>)[path] !== undefined) return undefined
  return { path, rule: `is missing; give --${parameter.flag}, or set ${parameter.variable}` }
}

/** Parameters as they may be shown: every secret is a mark, of whatever type and however short. */
export function shownParams<P>(runbook: Runbook<P>, params: P, redactor: Redactor): Json | undefined {
  if (params === undefined) return undefined
  const shown = redactor.redacted(params as Json)
  if (!isJsonObject(shown)) return shown
  const secret = secretParams(runbook)
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [name, secret(name) && value !== null ? SECRET_MARK : value]),
  )
}

function secretParams<P>(runbook: Runbook<P>): (name: string) => boolean {
  const names = new Set(parametersOf(runbook.params).flatMap((each) => (each.secret ? [each.name] : [])))
  return (name) => names.has(name) || isSecretName(name)
}

/** The rules that a schema's error names. */
export function issuesOf(error: unknown): readonly ValidationIssue[] {
  const { issues } = (error ?? {}) as { issues?: readonly { path?: readonly PropertyKey[]; message?: string }[] }
  if (!Array.isArray(issues)) return [{ path: '', rule: error instanceof Error ? error.message : String(error) }]
  return issues.map(({ path = [], message = 'does not hold' }) => ({ path: path.map(String).join('.'), rule: message }))
}
