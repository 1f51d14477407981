import { type Json, redactText, ValidationError, type ValidationIssue } from '../../plan/index.ts'
import type { ParamsSchema } from '../../run/index.ts'
import type { Parameter } from './parameters.ts'
import { issuesOf } from './parameters.ts'
import { schemaOf, withDates } from './schema.ts'
import { parameterValue } from './value.ts'

/**
 * Asks a person for a parameter; a secret must not be echoed.
 *
 * @param broken the rule that the answer before broke.
 */
export type ParameterPrompt = (parameter: Parameter, broken?: string) => Promise<string>

/**
 * Asks for the parameters that are required and were not given, each again until its own rule holds, and then those
 * that a rule about several of them names.
 */
export async function askParameters(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, Json>>,
  prompt: ParameterPrompt,
  schema?: ParamsSchema<unknown>,
): Promise<Record<string, Json>> {
  const missing = parameters.filter(({ name, required }) => required && given[name] === undefined)
  const values: Record<string, Json> = { ...given }
  for (const parameter of missing) values[parameter.name] = await askOne(parameter, prompt, schema)
  for (;;) {
    const broken = missing.length === 0 ? [] : brokenRules(schema, values, missing)
    if (broken.length === 0) return values
    for (const { parameter, rule } of broken)
      values[parameter.name] = await askOne(parameter, prompt, schema, safe(parameter, rule, values[parameter.name]))
  }
}

async function askOne(
  parameter: Parameter,
  prompt: ParameterPrompt,
  schema: ParamsSchema<unknown> | undefined,
  rule?: string,
): Promise<Json> {
  for (let broken = rule; ; ) {
    const text = await prompt(parameter, broken)
    try {
      const value = parameterValue(parameter, text)
      const [issue] = ownIssues(parameter, value, schema)
      if (issue === undefined) return value
      broken = safe(parameter, issue.rule, value)
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error
      broken = error.issues[0]?.rule ?? error.message
    }
  }
}

/** What the schema of the one parameter says, where the schema has one. */
function ownIssues(
  { name, choices }: Parameter,
  value: Json,
  schema: ParamsSchema<unknown> | undefined,
): readonly ValidationIssue[] {
  const own = schemaOf(schema, name)
  if (own !== undefined) return issuesIn(own, withDates(schema, { [name]: value })[name])
  if (choices === undefined || choices.includes(String(value))) return []
  return [{ path: name, rule: `must be one of ${choices.join(', ')}` }]
}

function brokenRules(
  schema: ParamsSchema<unknown> | undefined,
  values: Readonly<Record<string, Json>>,
  asked: readonly Parameter[],
): readonly { readonly parameter: Parameter; readonly rule: string }[] {
  const issues = schema === undefined ? [] : issuesIn(schema, withDates(schema, values))
  return asked.flatMap((parameter) => {
    const issue = issues.find(({ path }) => path === parameter.name || path.startsWith(`${parameter.name}.`))
    return issue === undefined ? [] : [{ parameter, rule: issue.rule }]
  })
}

function issuesIn(schema: ParamsSchema<unknown>, value: unknown): readonly ValidationIssue[] {
  try {
    schema.parse(value)
    return []
  } catch (error) {
    return issuesOf(error)
  }
}

/** A rule may repeat the value that breaks it. */
function safe({ secret }: Parameter, rule: string, value: Json | undefined): string {
  return secret && typeof value === 'string' && value !== '' ? redactText(rule, [value]) : rule
}
