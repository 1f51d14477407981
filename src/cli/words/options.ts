/** An option of a command. */
export interface Option {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  readonly short?: string
  /** What its value is called in the help. */
  readonly value?: string
  /** The values that it takes, where only these are taken. */
  readonly choices?: readonly string[]
  /** Heading that it stands under in the help; `Options` unless given. */
  readonly group?: string
  readonly help: string
}

/** Options of one command, by name. */
export type OptionTable = Readonly<Record<string, Option>>

const yes = { type: 'boolean', help: 'answers confirmations with yes' } as const

/** Goes on after an interruption. */
export const RESUME: OptionTable = {
  resume: { type: 'boolean', help: 'continues the unfinished run, or that of --journal' },
  again: {
    type: 'boolean',
    help: 'begins although an earlier run with the same parameters has begun and is not finished',
  },
}

/** What became of steps whose answer never came; beside `--resume`. */
export const SETTLE: OptionTable = {
  'settle-only': { type: 'boolean', help: 'with --resume: finds out what became of unknown steps, and sends nothing' },
  'assume-done': {
    type: 'string',
    multiple: true,
    value: 'STEP',
    help: 'with --resume: this step was carried out, whatever its check says',
  },
  'assume-lost': {
    type: 'string',
    multiple: true,
    value: 'STEP',
    help: 'with --resume: this step was not carried out',
  },
}

/** Where a run is recorded. */
export const JOURNAL: OptionTable = {
  journal: { type: 'string', value: 'FILE', help: 'file of the journal; one under .tenantlab/ unless given' },
}

/** Of commands that write a file. */
export const FORCE: OptionTable = {
  force: { type: 'boolean', help: 'replaces files that are there already' },
}

/** Answers 2 where writes are predicted. */
export const DETAILED: OptionTable = {
  'detailed-exitcode': { type: 'boolean', help: 'exit code 2 when changes are pending' },
}

/** Of commands that run a runbook: what is given to it, and which of its steps run. */
export const SELECTION: OptionTable = {
  params: { type: 'string', value: 'FILE', help: 'JSON file of parameters' },
  yes,
  tags: {
    type: 'string',
    multiple: true,
    value: 'TAG',
    group: 'Selection',
    help: 'only writes that have one of these tags',
  },
  only: {
    type: 'string',
    multiple: true,
    value: 'STEP',
    group: 'Selection',
    help: 'only the write steps of these ids',
  },
  'start-at': { type: 'string', value: 'STEP', group: 'Selection', help: 'leaves out the writes before this step' },
  step: { type: 'boolean', group: 'Selection', help: 'asks before every write: yes, no, or continue without asking' },
  'max-requests': {
    type: 'string',
    value: 'NUMBER',
    group: 'Budget',
    help: 'stops after so many requests; 10000, or what the runbook says',
  },
}

/** Of commands that connect. */
export const CONNECTION: OptionTable = {
  tenant: {
    type: 'string',
    multiple: true,
    value: 'NAME',
    group: 'Connection',
    help: 'profile or domain; given several times, they run side by side',
  },
  profile: { type: 'string', value: 'NAME', group: 'Connection', help: 'name of a stored profile' },
  sandbox: { type: 'boolean', group: 'Connection', help: 'on a fresh embedded tenant' },
  'max-wait': {
    type: 'string',
    value: 'DURATION',
    group: 'Budget',
    help: 'longest that one step waits where the tenant is busy, such as 90s; 10m unless given',
  },
  'max-rate': { type: 'string', value: 'NUMBER', group: 'Budget', help: 'most requests per second' },
  'leave-headroom': {
    type: 'string',
    value: 'SHARE',
    group: 'Budget',
    help: "share of the server's rate limit that is left to others: 30%",
  },
}

/** Of commands that tell what they do. */
export const OUTPUT: OptionTable = {
  json: {
    type: 'boolean',
    group: 'Output',
    help: 'events as JSON lines, the first of which tells the version; nobody is asked anything',
  },
  report: { type: 'string', value: 'FILE', group: 'Output', help: 'writes a report in Markdown to this file' },
  ...FORCE,
}
