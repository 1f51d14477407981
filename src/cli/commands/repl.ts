import { connect } from '../../connect/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
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
import { type Sandbox, sandbox } from '../../sandbox/index.ts'
import { type ConnectOptions, internalsOf, planFrom, reveal, type Session } from '../../session/index.ts'
import { namedTenants, unknownTenant } from '../runbook/index.ts'
import { type Command, textOf, type Values } from '../words/index.ts'

/** What runs runbooks; the console has it as `tenantlab/runbook` exports it. */
const RUNBOOKS = { liveReport, loadRunbook, memoryJournal, readAudit, readJournal, readPlanFile, runRunbook, undoRun }

/** `tenantlab repl`: the console on a tenant, or on an embedded one. */
export const command: Command = {
  usage: '[--profile NAME | --sandbox] [--eval CODE]',
  about:
    'Opens a console with the session as auth0, on the tenant that is named, else on that of AUTH0_DOMAIN or of the chosen ' +
    'profile. A tenant that is tagged production starts without writes; .writes on allows them.',
  takes: [],
  options: {
    sandbox: { type: 'boolean', help: 'a fresh embedded tenant, also where AUTH0_DOMAIN is set' },
    profile: { type: 'string', short: 'p', value: 'NAME', help: 'name of a stored tenant; see tenantlab login' },
    tenant: { type: 'string', value: 'NAME', help: 'the same as --profile' },
    'read-only': { type: 'boolean', help: 'no session of the process sends a write' },
    eval: {
      type: 'string',
      short: 'e',
      value: 'CODE',
      help: 'runs this code and ends; statements stand on lines of their own',
    },
    json: { type: 'boolean', help: 'one line of JSON for each result, errors as {"error":…}' },
    quiet: { type: 'boolean', short: 'q', help: 'neither banner nor remarks' },
  },
  exits: [0, 1, 64],
  examples: ['tenantlab repl --sandbox', "tenantlab repl --sandbox --eval 'await auth0.users.list().run()' --json"],
  run: async ({ read }) => openRepl(read().values),
}

/**
 * Opens the console.
 *
 * @param values those of the options.
 * @throws ConfigurationError where no tenant is named; nothing runs on an embedded one that nobody asked for.
 */
export async function openRepl(values: Values): Promise<number> {
  const readOnly = values['read-only'] === true
  // The floor of the process: it holds for each session that the code opens as well.
  if (readOnly) process.env.TENANTLAB_WRITES = 'deny'
  const [profile] = namedTenants(values)
  const tenant = values.sandbox === true ? await sandbox() : undefined
  try {
    const auth0 = sessionFor(profile, tenant)
    const tag = tenant === undefined ? internalsOf(auth0).environment : 'sandbox'
    const code = textOf(values, 'eval')
    return await openConsole({
      session: auth0,
      variables: {
        connect: guardedConnect,
        planFrom,
        reveal,
        ...RUNBOOKS,
        ...(tenant === undefined ? {} : { tenant }),
      },
      ...(tag === undefined ? {} : { tag }),
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      ...(code === undefined ? {} : { eval: code }),
      json: values.json === true,
      quiet: values.quiet === true,
      readOnly,
      history: historyFile(),
      logs: logFolder(),
    })
  } finally {
    await tenant?.close()
  }
}

function sessionFor(profile: string | undefined, tenant: Sandbox | undefined): Session {
  if (tenant !== undefined) return connect(tenant.options)
  const { AUTH0_DOMAIN, AUTH0_PROFILE } = process.env
  if (profile !== undefined) {
    if (readProfile(profile, process.env, false) !== undefined) return connect({ profile })
    if (profile === AUTH0_DOMAIN) return connect()
    throw unknownTenant(profile)
  }
  if (AUTH0_DOMAIN || AUTH0_PROFILE || readProfile('default', process.env, false) !== undefined) return connect()
  throw new ConfigurationError(
    'No tenant is named: AUTH0_DOMAIN is not set, and no profile is chosen. Name one with --profile NAME, set AUTH0_DOMAIN, ' +
      'or ask for an embedded tenant with --sandbox.',
  )
}

/** `connect()` in the console: a session with a production tenant starts without writes there, also where the code opens it. */
function guardedConnect(options: ConnectOptions = {}): Session {
  const session = connect(options)
  const inside = internalsOf(session)
  if (options.writes === undefined && inside.environment === 'production' && inside.writes() === 'allow')
    inside.setWrites('deny')
  return session
}
