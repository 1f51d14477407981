import { readFileSync } from 'node:fs'
import { ConfigurationError, isJsonObject, type Json } from '../../plan/index.ts'
import type { ParamsSchema } from '../../run/index.ts'
import { askParameters, type ParameterPrompt } from './ask.ts'
import type { Parameter } from './parameters.ts'
import { givenAgain } from './schema.ts'
import { type FlagValue, parameterValue } from './value.ts'

/** Where parameters come from; the first that has one wins. */
export interface ParameterSources {
  readonly flags: Readonly<Record<string, FlagValue | undefined>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Path of a JSON file. */
  readonly file?: string
  /** Of the journal that is resumed. */
  readonly recorded?: Json
  /** Asks a person; absent where there is none. */
  readonly prompt?: ParameterPrompt
  /** Checks what is asked for, so that a wrong answer is asked again, and what a journal recorded. */
  readonly schema?: ParamsSchema<unknown> | undefined
}

/**
 * The parameters of a runbook, from flags, environment, file, journal, and, for those
 * that are required, a person. Only the answers of a person are checked by the schema.
 *
 * @throws ValidationError for a value that is none of its type; ConfigurationError for a file that is no JSON object.
 */
export async function readParameters(
  parameters: readonly Parameter[],
  sources: ParameterSources,
): Promise<Record<string, Json>> {
  const { flags, environment, file, recorded, prompt, schema } = sources
  const stored = file === undefined ? {} : readFile(file)
  const given: Record<string, Json> = {
    ...(isJsonObject(recorded) ? givenAgain(schema, withoutHidden(recorded)) : {}),
    ...stored,
  }
  for (const parameter of parameters) {
    const { name, flag, variable } = parameter
    const text = flags[flag] ?? environment[variable]
    if (text !== undefined) given[name] = parameterValue(parameter, text)
  }
  return prompt === undefined ? given : askParameters(parameters, given, prompt, schema)
}

function withoutHidden(recorded: { readonly [key: string]: Json }): Record<string, Json> {
  return Object.fromEntries(Object.entries(recorded).filter(([, value]) => !JSON.stringify(value).includes('«secret»')))
}

function readFile(path: string): Record<string, Json> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new ConfigurationError(
      `The file of parameters ${path} cannot be read as JSON. Give a file with an object of parameters.`,
      { cause },
    )
  }
  if (isJsonObject(content)) return { ...content }
  throw new ConfigurationError(
    `The file of parameters ${path} must hold a JSON object of parameters by name. Correct it.`,
  )
}
