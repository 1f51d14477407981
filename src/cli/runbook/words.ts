import { type ParseArgsConfig, parseArgs } from 'node:util'
import { nearest } from '../../catalogue/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import type { FlagValue, HelpEntry, Parameter } from '../../runbook/index.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** An option of a command. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  readonly short?: string
  /** What its value is called in the help. */
  readonly value?: string
  /** Heading that it stands under in the help; `Options` unless given. */
  readonly group?: string
  readonly help: string
}

/** Options of one command. */
export type OptionTable = Readonly<Record<string, Option>>

/** What was written after a command's name. */
export interface Words {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, FlagValue | undefined>>
}

/** The words as far as the command itself knows them: what else there is, the file may know. */
export function knownWords(words: readonly string[], table: OptionTable): Words {
  const options = optionsOf(table, [])
  const { positionals, values } = parseArgs({ args: [...words], options, allowPositionals: true, strict: false })
  return { positionals, values: values as Words['values'] }
}

/** The first word that is neither an option of the command nor the value of one: the file. */
export function fileAmong(words: readonly string[], table: OptionTable): string | undefined {
  return knownWords(words, table).positionals[0]
}

/**
 * Reads the words of a command whose file asks for parameters.
 *
 * @throws ConfigurationError for an option that is neither the command's nor a parameter.
 */
export function readWords(words: readonly string[], table: OptionTable, parameters: readonly Parameter[]): Words {
  for (const { flag, name } of parameters) {
    if (!(flag in table)) continue
    throw new ConfigurationError(
      `The runbook's parameter "${name}" has the name of an option of the command, --${flag}. Give the parameter another name.`,
    )
  }
  const options = optionsOf(table, parameters)
  try {
    const { positionals, values } = parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
    return { positionals, values: values as Words['values'] }
  } catch (error) {
    const unknown = /Unknown option '--([^' ]+)/.exec((error as Error).message)?.[1]
    const near = unknown === undefined ? undefined : nearest(unknown, Object.keys(options))
    throw new ConfigurationError(
      `${(error as Error).message.split('. ')[0]}. ${near === undefined ? 'See --help.' : `Did you mean --${near}?`}`,
    )
  }
}

function optionsOf(table: OptionTable, parameters: readonly Parameter[]): Options {
  const own = Object.entries(table).map(
    ([name, { type, multiple, short }]) =>
      [name, { type, ...(multiple && { multiple }), ...(short && { short }) }] as const,
  )
  const theirs = parameters.map(
    ({ flag, type }) => [flag, { type: type === 'boolean' ? 'boolean' : 'string', multiple: true }] as const,
  )
  return { ...Object.fromEntries([...theirs, ...own]), help: { type: 'boolean', short: 'h' } } as Options
}

/** Headings of the help, in order; any other comes after them. */
const GROUPS = ['Options', 'Selection', 'Output', 'Connection', 'Budget']

/** What the help says of the options of a table, by heading. */
export function tableHelp(table: OptionTable): ReadonlyMap<string, readonly HelpEntry[]> {
  const groups = new Map<string, HelpEntry[]>(GROUPS.map((name) => [name, []]))
  for (const [name, { type, value, help, short, multiple, group = 'Options' }] of Object.entries(table)) {
    const words = [
      ...(short === undefined ? [] : [`-${short},`]),
      `--${name}`,
      ...(type === 'string' ? [value ?? 'TEXT'] : []),
      ...(multiple === true ? ['…'] : []),
    ]
    groups.set(group, [...(groups.get(group) ?? []), { flag: words.join(' '), text: help }])
  }
  return groups
}

/** The last of an option's texts. */
export function textOf(values: Words['values'], name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** The texts of an option that may be given several times, each of which may be a list. */
export function textsOf(values: Words['values'], name: string): readonly string[] {
  const value = values[name]
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value]
  return list.flatMap((each) => String(each).split(',')).filter((each) => each !== '')
}

/** A number above 0 of an option. */
export function numberOf(values: Words['values'], name: string): number | undefined {
  const text = textOf(values, name)
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isFinite(number) && number > 0) return number
  throw new ConfigurationError(`--${name} takes a number above 0, not "${text}". Correct it.`)
}
