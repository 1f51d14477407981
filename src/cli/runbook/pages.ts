import { width, wrap } from '../../display/index.ts'
import { type HelpEntry, type Parameter, parameterFlag, parameterHelp } from '../../runbook/index.ts'
import { CONNECTION, DETAILED, JOURNAL, OUTPUT, RESUME, SELECTION } from './options.ts'
import { type OptionTable, tableHelp } from './words.ts'

/** What a command of runbooks is, and what its help says beside its parameters. */
export interface Page {
  /** `run FILE [--PARAMETER …]` */
  readonly usage: string
  /** One line, for the overview. */
  readonly summary: string
  readonly about: string
  readonly options: OptionTable
  readonly exits: readonly (keyof typeof EXIT_CODES)[]
  readonly examples: readonly string[]
}

const EXIT_CODES = {
  0: 'done, or no change',
  1: 'error',
  2: 'changes are pending, with --detailed-exitcode',
  3: 'stopped, because a person has to decide',
  4: 'the tenant has drifted from the plan; nothing was sent',
} as const

/** The commands of runbooks, each with all that its help says. */
export const PAGES = {
  run: {
    usage: 'run FILE [--PARAMETER …] [OPTION …]',
    summary: 'Runs a runbook, a TypeScript file or a notebook; with --check it only predicts writes.',
    about:
      'Runs a runbook step by step, and writes down each request before it is sent, so that --resume ' +
      'can go on after a crash and tenantlab undo can take the run back. A file that is no runbook runs ' +
      'as a script with a session, a notebook cell by cell. Parameters come from flags, ' +
      'TENANTLAB_PARAM_… variables, --params, or a question.',
    options: {
      check: { type: 'boolean', help: 'sends reads only; predicts writes, and shows what they would change' },
      'dry-run': { type: 'boolean', help: 'the same as --check' },
      ...RESUME,
      ...JOURNAL,
      ...SELECTION,
      ...DETAILED,
      ...OUTPUT,
      ...CONNECTION,
    },
    exits: [0, 1, 2, 3],
    examples: [
      'tenantlab run block-a-country.ts --country IM --check',
      'tenantlab run block-a-country.ts --country IM --tenant eu --tenant us --max-rate 2',
      'tenantlab run block-a-country.ts --resume',
    ],
  },
  plan: {
    usage: 'plan FILE [--PARAMETER …] [-o PLAN] [OPTION …]',
    summary: 'Saves what a runbook would send, and the state that it is based on, for review and apply.',
    about:
      'Sends reads only, and writes the concrete plan of every write with the state that it is based on ' +
      'to a file, without a secret. Review it with tenantlab show, and carry it out with tenantlab ' +
      'apply.',
    options: {
      out: { type: 'string', short: 'o', value: 'FILE', help: 'file to write; plan.json unless given' },
      ...SELECTION,
      ...DETAILED,
      ...OUTPUT,
      ...CONNECTION,
    },
    exits: [0, 1, 2, 3],
    examples: ['tenantlab plan block-a-country.ts --country IM -o plan.json'],
  },
  show: {
    usage: 'show PLAN [--json]',
    summary: 'Shows what a plan file would do; sends nothing.',
    about: 'Prints the writes of a plan file with their hashes and what they change. It sends nothing.',
    options: { json: { type: 'boolean', help: 'the whole file as JSON' } },
    exits: [0, 1],
    examples: ['tenantlab show plan.json'],
  },
  apply: {
    usage: 'apply PLAN [--yes] [OPTION …]',
    summary: 'Applies exactly what a plan file says; refuses when the tenant has drifted.',
    about:
      'Reads again what the plan is based on, and sends nothing when it differs, or when the tenant is ' +
      "another. On a terminal it asks for the tenant's name; elsewhere it needs --yes. Secrets come " +
      'from TENANTLAB_SECRET_… variables.',
    options: {
      yes: { type: 'boolean', help: "asks neither for the tenant's name nor for confirmations" },
      ...RESUME,
      ...JOURNAL,
      ...OUTPUT,
      ...CONNECTION,
    },
    exits: [0, 1, 3, 4],
    examples: ['tenantlab apply plan.json', 'tenantlab apply plan.json --yes --json'],
  },
  undo: {
    usage: 'undo JOURNAL [--check] [OPTION …]',
    summary: 'Takes back what a journal records, last step first.',
    about:
      'Runs the undo plans that a journal holds, last step first, with a journal of its own beside it. ' +
      'Called again, it goes on where it stopped.',
    options: {
      check: { type: 'boolean', help: 'only shows what would be taken back' },
      ...OUTPUT,
      ...CONNECTION,
    },
    exits: [0, 1, 3],
    examples: ['tenantlab undo .tenantlab/journals/block-a-country/eu.auth0.com/….jsonl --check'],
  },
  export: {
    usage: 'export NOTEBOOK [-o FILE.ts]',
    summary: 'Makes a runbook of a notebook.',
    about:
      'Writes the code cells of a notebook as the steps of one runbook, to be given undo plans and ' +
      'checks. It sends nothing.',
    options: { out: { type: 'string', short: 'o', value: 'FILE', help: 'file to write; printed unless given' } },
    exits: [0, 1],
    examples: ['tenantlab export 05-token-quotas.ipynb -o quotas.ts'],
  },
} as const satisfies Readonly<Record<string, Page>>

/** A runbook that a command's help was asked for. */
interface Asked {
  readonly file?: string
  readonly description?: string | undefined
  readonly parameters?: readonly Parameter[]
}

/** The help of a command, with the parameters of the runbook that it was given, if any. */
export function pageText(page: Page, { file, description, parameters = [] }: Asked = {}): string {
  const { usage, about, options, exits, examples } = page
  const columns = Math.max(Math.min(process.stdout.columns || WIDEST, WIDEST), NARROWEST)
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
    ...sections.flatMap(([name, entries]) => (entries.length === 0 ? [] : ['', name, ...entryLines(entries, columns)])),
    '',
    examples.length === 1 ? 'Example' : 'Examples',
    ...examples.map((example) => `  ${exampleOf(example, file, parameters)}`),
  ].join('\n')
}

const WIDEST = 100
const NARROWEST = 40

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

/** An example with the file that was asked about, and its required parameters in place of those of another. */
function exampleOf(example: string, file: string | undefined, parameters: readonly Parameter[]): string {
  if (file === undefined) return example
  const required = parameters.filter((parameter) => parameter.required).map(parameterFlag)
  return example.replace('block-a-country.ts', file).replace('--country IM', required.join(' ')).replace(/ {2,}/g, ' ')
}

/** Entries in two columns; what has no place beside its flag comes below it. */
function entryLines(entries: readonly HelpEntry[], columns: number): readonly string[] {
  const longest = Math.max(...entries.map(({ flag }) => width(flag)))
  const column = Math.min(longest, columns < 70 ? 8 : 26) + 4
  return entries.flatMap(({ flag, text }) => {
    const lines = wrap(text, columns - column).map((line) => ' '.repeat(column) + line)
    const head = `  ${flag}`
    if (width(head) + 2 > column) return [head, ...lines]
    const [first = '', ...rest] = lines
    return [head + first.slice(width(head)), ...rest]
  })
}
