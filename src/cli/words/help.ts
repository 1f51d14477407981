import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { columnLines, wrap } from '../../display/index.ts'
import { type HelpEntry, type Parameter, parameterFlag, parameterHelp } from '../../runbook/index.ts'
import type { Command, Described } from './command.ts'
import { EXIT_CODES } from './exit-codes.ts'
import type { OptionTable } from './options.ts'

/**
 * The help of a command, with the parameters of the runbook that it was given, if any.
 *
 * @param name of the command.
 * @returns The lines.
 */
export function helpText(name: string, command: Command, described?: Described): string {
  const { about, options, exits, examples } = command
  const { file, description, parameters = [] } = described ?? {}
  const usage = `${name} ${command.usage}`.trim()
  const columns = columnsOfHelp()
  const sections: readonly (readonly [string, readonly HelpEntry[]])[] = [
    ['Parameters', parameterHelp(parameters)],
    ...tableHelp(options),
    ['Exit codes', exits.map((code) => ({ flag: String(code), text: EXIT_CODES[code] }))],
  ]
  return [
    'Usage',
    ...wrap(usageOf(usage, file, parameters), columns - 2).map((line) => `  ${line}`),
    '',
    ...wrap(description ?? about, columns),
    ...sections.flatMap(([name, entries]) =>
      entries.length === 0 ? [] : ['', name, ...columnLines(entries, columns)],
    ),
    '',
    examples.length === 1 ? 'Example' : 'Examples',
    // In one line each, so that they can be copied.
    ...examples.map((example) => `  ${exampleOf(example, file, parameters)}`),
  ].join('\n')
}

const WIDEST = 100
const NARROWEST = 20

/** How wide help is written: as the terminal is, but neither too wide to read nor too narrow to write. */
export function columnsOfHelp(): number {
  return Math.max(Math.min(process.stdout.columns || WIDEST, WIDEST), NARROWEST)
}

/** Headings of the help, in order; any other comes after them. */
const GROUPS = ['Options', 'Selection', 'Output', 'Connection', 'Budget']

/** What the help says of the options of a table, by heading. */
function tableHelp(table: OptionTable): ReadonlyMap<string, readonly HelpEntry[]> {
  const groups = new Map<string, HelpEntry[]>(GROUPS.map((name) => [name, []]))
  for (const [name, { type, value, choices, help, short, multiple, group = 'Options' }] of Object.entries(table)) {
    const words: readonly (string | undefined)[] = [
      ...(short === undefined ? [] : [`-${short},`]),
      `--${name}`,
      ...(type === 'string' ? [value ?? (isShort(choices) ? choices?.join('|') : 'TEXT')] : []),
      ...(multiple === true ? ['…'] : []),
    ]
    const list = choices === undefined || isShort(choices) ? '' : `; one of ${choices.join(', ')}`
    groups.set(group, [...(groups.get(group) ?? []), { flag: words.join(' '), text: `${help}${list}` }])
  }
  return groups
}

/** Whether the choices of an option can stand beside its name. */
function isShort(choices: readonly string[] = ['more than', 'fits there']): boolean {
  return choices.join('|').length < 20
}

/** The usage with the file and its required parameters in their places. */
function usageOf(usage: string, file: string | undefined, parameters: readonly Parameter[]): string {
  if (file === undefined) return `tenantlab ${usage}`
  const required = parameters.filter((parameter) => parameter.required).map(parameterFlag)
  const more = parameters.length > required.length ? ['[--PARAMETER …]'] : []
  return `tenantlab ${usage.replace('FILE', file).replace('[--PARAMETER …]', [...required, ...more].join(' '))}`.replace(
    / {2,}/g,
    ' ',
  )
}

/**
 * An example that runs where it is typed: with the file that was asked about and its required parameters, else with a file
 * that comes with the package.
 */
function exampleOf(example: string, file: string | undefined, parameters: readonly Parameter[]): string {
  if (file === undefined) return example.replace(/(RUNBOOKS|NOTEBOOKS)\//g, (folder) => shipped(folder.toLowerCase()))
  const required = parameters.filter((parameter) => parameter.required).map(parameterFlag)
  return example
    .replace(/(RUNBOOKS|NOTEBOOKS)\/\S+/, file)
    .replace('--country IM', required.join(' '))
    .replace(/ {2,}/g, ' ')
}

/** A folder of the package, as seen from where the command runs. */
function shipped(folder: string): string {
  let above = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(above, 'package.json')) && dirname(above) !== above) above = dirname(above)
  return `${relative(process.cwd(), join(above, folder)) || '.'}/`
}
