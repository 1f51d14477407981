import { readProfile } from '../../profiles/index.ts'
import { historyFile, logFolder, openConsole } from '../../repl/index.ts'
import {
  liveReport,
  loadRunbook,
  memoryJournal,
  readAudit,
  readJournal,
  readPlanFile,
  runRunbook,
  undoRun,
} from '../../runbook/index.ts'
import { sandbox } from '../../sandbox/index.ts'
import { connect, internalsOf, planFrom, reveal } from '../../session/index.ts'
import type { Command } from '../command.ts'

/** What runs runbooks; the console has it as `tenantlab/runbook` exports it. */
const RUNBOOKS = {
  liveReport,
  loadRunbook,
  memoryJournal,
  readAudit,
  readJournal,
  readPlanFile,
  runRunbook,
  undoRun,
}

/** `tenantlab repl`: the console on a tenant, or on the embedded one where none is configured. */
export const replCommand: Command = {
  name: 'repl',
  usage: 'repl [--profile NAME] [--eval CODE]',
  summary: 'A console with the session as auth0: plans show themselves, .run sends, TAB completes and runs nothing.',
  options: {
    sandbox: { type: 'boolean' },
    profile: { type: 'string', short: 'p' },
    'read-only': { type: 'boolean' },
    eval: { type: 'string', short: 'e' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
  },
  help: {
    sandbox: 'the embedded tenant, also where AUTH0_DOMAIN is set',
    profile: 'name of a stored tenant; see tenantlab login',
    'read-only': 'writes are refused before they are sent',
    eval: 'runs this code and ends; statements stand on lines of their own',
    json: 'one line of JSON for each result, errors as {"error":…}',
    quiet: 'neither banner nor remarks',
  },
  async run({ options }) {
    const profile = typeof options.profile === 'string' ? options.profile : undefined
    const tenant = options.sandbox === true || !isConfigured(profile) ? await sandbox() : undefined
    const auth0 = connect(tenant?.options ?? (profile === undefined ? {} : { profile }))
    const { environment } = internalsOf(auth0)
    const tag = tenant === undefined ? environment : 'sandbox'
    try {
      return await openConsole({
        session: auth0,
        variables: { connect, planFrom, reveal, ...RUNBOOKS, ...(tenant === undefined ? {} : { tenant }) },
        ...(tag === undefined ? {} : { tag }),
        input: process.stdin,
        output: process.stdout,
        errors: process.stderr,
        ...(typeof options.eval === 'string' ? { eval: options.eval } : {}),
        json: options.json === true,
        quiet: options.quiet === true,
        readOnly: options['read-only'] === true,
        history: historyFile(),
        logs: logFolder(),
      })
    } finally {
      await tenant?.close()
    }
  },
}

/** Whether anything names a tenant: an option, the environment, or a chosen profile. */
function isConfigured(profile: string | undefined): boolean {
  if (profile !== undefined) return true
  const { AUTH0_DOMAIN, AUTH0_PROFILE } = process.env
  if (AUTH0_DOMAIN !== undefined || AUTH0_PROFILE !== undefined) return true
  return readProfile('default', process.env, false) !== undefined
}
