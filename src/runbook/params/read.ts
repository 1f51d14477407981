import { readFileSync } from 'node:fs'
import { ConfigurationError, isJsonObject, type Json, ValidationError } from '../../plan/index.ts'
import type { Parameter } from './describe.ts'

/** What a flag brought: texts, or `true` for a flag without a value. */
export type FlagValue = string | boolean | readonly (string | boolean)[]

/** Where parameters come from; the first that has one wins. */
export interface ParameterSources {
  readonly flags: Readonly<Record<string, FlagValue | undefined>>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Path of a JSON file. */
  readonly file?: string
  /** Of the journal that is resumed. */
  readonly recorded?: Json
  /** Asks a person; absent where there is none. */
  readonly prompt?: (parameter: Parameter) => Promise<string>
}

/**
 * The parameters of a runbook, unchecked: from flags, environment, file, journal, and, for those that are required, a person.
 *
 * @throws ValidationError for a value that is none of its type; ConfigurationError for a file that is no JSON object.
 */
export async function readParameters(
  parameters: readonly Parameter[],
  sources: ParameterSources,
): Promise<Record<string, Json>> {
  const { flags, environment, file, recorded, prompt } = sources
  const stored = file === undefined ? {} : readFile(file)
  const given: Record<string, Json> = { ...(isJsonObject(recorded) ? withoutHidden(recorded) : {}), ...stored }
  for (const parameter of parameters) {
    const { name, flag, variable } = parameter
    const text = flags[flag] ?? environment[variable]
    if (text !== undefined) given[name] = parameterValue(parameter, text)
    else if (parameter.required && given[name] === undefined && prompt !== undefined) {
      given[name] = parameterValue(parameter, await prompt(parameter))
    }
  }
  return given
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
      `--params ${path}: the file cannot be read as JSON. Give a file with an object of parameters.`,
      { cause },
    )
  }
  if (isJsonObject(content)) return { ...content }
  throw new ConfigurationError(`--params ${path}: the file must hold a JSON object of parameters by name. Correct it.`)
}

function parameterValue({ flag, type }: Parameter, given: FlagValue): Json {
  const refuse = (rule: string): never => {
    throw new ValidationError(`--${flag} ${rule}. Correct it; --help tells the parameters.`, {
      issues: [{ path: flag, rule }],
    })
  }
  if (type === 'list') return (Array.isArray(given) ? given : [given]).flatMap((each) => String(each).split(','))
  const [last] = Array.isArray(given) ? given.slice(-1) : [given]
  if (type === 'boolean') {
    if (last === true || last === 'true' || last === '1') return true
    return last === false || last === 'false' || last === '0' ? false : refuse('takes true or false')
  }
  const text = String(last)
  if (type === 'text') return text
  if (type === 'number')
    return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : refuse('takes a number')
  try {
    return JSON.parse(text) as Json
  } catch {
    return refuse('takes JSON')
  }
}

/** Lines of `--help` about the parameters. */
export function parameterHelp(parameters: readonly Parameter[]): readonly string[] {
  return parameters.map(({ flag, type, required, description, choices, fallback, variable, secret }) => {
    const notes = [
      ...(description === undefined ? [] : [description]),
      ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
      ...(required
        ? ['required']
        : fallback === undefined || secret
          ? []
          : [`${JSON.stringify(fallback)} unless given`]),
      `or ${variable}`,
    ]
    return `  --${`${flag}${type === 'boolean' ? '' : ` ${type.toUpperCase()}`}`.padEnd(24)} ${notes.join('; ')}`
  })
}
