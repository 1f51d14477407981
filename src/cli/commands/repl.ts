import { existsSync } from 'node:fs'
import { connect } from '../../connect/index.ts'
import { ConfigurationError } from '../../plan/index.ts'
import { listProfiles, readProfile } from '../../profiles/index.ts'
import { type ConsoleTenants, historyFile, logFolder, openConsole, startupFile, writeFresh } from '../../repl/index.ts'
import { type Sandbox, sandbox } from '../../sandbox/index.ts'
import { type ConnectOptions, internalsOf, type Session } from '../../session/index.ts'
import { namedTenants, unknownTenant } from '../runbook/index.ts'
import { type Command, FORCE, MisuseError, textOf, type Values } from '../words/index.ts'
import { CONSOLE_WORDS } from './console-words.ts'
import { POPULATION, populationOf } from './population.ts'

/** `tenantlab repl`: the console on a tenant, or on an embedded one. */
export const command: Command = {
  usage: '[--profile NAME | --sandbox] [--eval CODE]',
  about:
    'Opens a console with the session as auth0, on the tenant that is named, else on that of AUTH0_DOMAIN or of the chosen ' +
    'profile. A tenant that is tagged production starts without writes; .writes on allows them.',
  takes: [],
  options: {
    sandbox: { type: 'boolean', help: 'a fresh embedded tenant, also where AUTH0_DOMAIN is set' },
    ...POPULATION,
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
    csv: { type: 'boolean', help: 'lists as CSV' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'writes the results of --eval or of piped code to this file; FILE.csv and FILE.json say how',
    },
    ...FORCE,
    'no-startup': { type: 'boolean', help: 'without the file that runs before the first prompt' },
    quiet: { type: 'boolean', short: 'q', help: 'neither banner nor remarks' },
  },
  exits: [0, 1, 64],
  examples: [
    'tenantlab repl --sandbox',
    'tenantlab repl --sandbox --users 500 --days 30',
    "tenantlab repl --sandbox --eval 'await auth0.users.list().run()' --json",
    "tenantlab repl --sandbox --eval 'await auth0.users.list().all().run()' -o users.csv",
  ],
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
  const gathered = gatherResults(values)
  const population = populationOf(values)
  if (values.sandbox !== true && Object.keys(population).length > 0)
    throw new MisuseError('--users and --days make people and logs for an embedded tenant. Give --sandbox as well.')
  const tenant = values.sandbox === true ? await sandbox(population) : undefined
  try {
    const auth0 = sessionFor(profile, tenant)
    const tag = tenant === undefined ? internalsOf(auth0).environment : 'sandbox'
    const code = textOf(values, 'eval')
    const startup = values['no-startup'] === true ? undefined : startupFile(process.env)
    const exitCode = await openConsole({
      session: auth0,
      variables: {
        ...CONSOLE_WORDS,
        connect: guardedConnect,
        ...(tenant === undefined ? {} : { tenant }),
      },
      ...(tag === undefined ? {} : { tag }),
      input: process.stdin,
      output: process.stdout,
      errors: process.stderr,
      ...(code === undefined ? {} : { eval: code }),
      ...(gathered !== undefined && { results: gathered.add }),
      ...(startup !== undefined && { startup }),
      tenants: tenantsOf(tenant),
      json: gathered?.form === 'json' || values.json === true,
      csv: gathered?.form === 'csv' || values.csv === true,
      quiet: values.quiet === true,
      readOnly,
      history: historyFile(),
      logs: logFolder(),
    })
    if (exitCode === 0) gathered?.write()
    return exitCode
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

interface Gathered {
  readonly form: 'csv' | 'json' | undefined
  add(text: string): void
  write(): void
}

/**
 * Gathers results for the file that `--output` names.
 *
 * @throws MisuseError where a person types, or the options ask for two forms.
 */
function gatherResults(values: Values): Gathered | undefined {
  if (values.csv === true && values.json === true) throw new MisuseError('--csv and --json are two forms. Give one.')
  const file = textOf(values, 'output')
  if (file === undefined) {
    if (values.force === true) throw new MisuseError('--force would be left out: it is for --output FILE.')
    return undefined
  }
  if (values.eval === undefined && process.stdin.isTTY === true) {
    throw new MisuseError('--output is for --eval and for piped code. In the console write .csv FILE or .json FILE.')
  }
  if (existsSync(file) && values.force !== true) {
    throw new MisuseError(
      `--output ${file} is there already and was left alone. Name another file, or add --force. Nothing was run.`,
    )
  }
  const texts: string[] = []
  const form = values.csv === true || file.endsWith('.csv') ? 'csv' : file.endsWith('.json') ? 'json' : undefined
  return {
    form,
    add: (text) => void texts.push(text),
    write: () => writeFresh({ file, force: values.force === true }, texts.map((text) => `${text}\n`).join('')),
  }
}

/** The stored tenants, and the embedded one that the console was opened on. */
function tenantsOf(tenant: Sandbox | undefined): ConsoleTenants {
  return {
    names: () => [...(tenant === undefined ? [] : ['sandbox']), ...listProfiles(process.env).map(({ name }) => name)],
    open(name) {
      if (tenant !== undefined && name === 'sandbox') return { session: connect(tenant.options), tag: 'sandbox' }
      const stored = listProfiles(process.env).find((each) => each.name === name || each.domain === name)
      const session = stored === undefined ? sessionFor(name, undefined) : connect({ profile: stored.name })
      const tag = internalsOf(session).environment
      return { session, ...(tag !== undefined && { tag }) }
    },
  }
}
