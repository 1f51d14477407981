import type { OptionTable } from './words.ts'

const yes = { type: 'boolean', help: 'answers confirmations with yes' } as const

/** Goes on after an interruption. */
export const RESUME: OptionTable = {
  resume: { type: 'boolean', help: 'goes on with the latest unfinished journal, or with that of --journal' },
}

/** Where a run is recorded. */
export const JOURNAL: OptionTable = {
  journal: { type: 'string', value: 'FILE', help: 'file of the journal; one under .tenantlab/ unless given' },
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
}
