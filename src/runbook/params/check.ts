import { isSecretName, ValidationError, type ValidationIssue } from '../../plan/index.ts'
import type { Runbook } from '../define.ts'
import type { Vault } from '../vault.ts'
import { parametersOf } from './describe.ts'

/**
 * Parameters as the runbook's schema gives them; secrets among them are told to the vault before anything is shown.
 *
 * @throws ValidationError naming each parameter and rule, without a value.
 */
export function checkParams<P>(runbook: Runbook<P>, given: unknown, vault: Vault): P {
  const input = given ?? {}
  const secret = new Set(parametersOf(runbook.params).flatMap((each) => (each.secret ? [each.name] : [])))
  for (const [name, value] of Object.entries(input)) if (secret.has(name) || isSecretName(name)) vault.add(value, 4)
  if (runbook.params === undefined) return input as P
  try {
    return runbook.params.parse(input)
  } catch (cause) {
    const issues = issuesOf(cause)
    const list = issues.map(({ path, rule }) => `${path === '' ? 'the parameters' : `"${path}"`}: ${rule}`).join('; ')
    throw new ValidationError(
      `The parameters of "${runbook.name}" do not hold: ${vault.text(list)}. Nothing was sent. See tenantlab run FILE --help.`,
      { issues },
    )
  }
}

function issuesOf(error: unknown): readonly ValidationIssue[] {
  const { issues } = (error ?? {}) as { issues?: readonly { path?: readonly PropertyKey[]; message?: string }[] }
  if (!Array.isArray(issues)) return [{ path: '', rule: error instanceof Error ? error.message : String(error) }]
  return issues.map(({ path = [], message = 'does not hold' }) => ({ path: path.map(String).join('.'), rule: message }))
}
