import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { meantSentence, nearest } from '../../catalogue/index.ts'
import { type Sandbox, type SandboxLag, type SandboxOptions, type SandboxPlan, sandbox } from '../../sandbox/index.ts'
import { type Command, MisuseError, textOf, textsOf, type Values, wholeOf } from '../words/index.ts'
import { POPULATION, populationOf } from './population.ts'

const PLANS: readonly SandboxPlan[] = ['free', 'essentials', 'enterprise', 'enterprise-dev']
/** Hosts that only this machine reaches. */
const LOOPBACK = /^(localhost|::1|127\.[\d.]+)$/
const LATE: readonly (keyof SandboxLag)[] = ['search', 'members', 'discoveryDomains', 'sessions', 'counts']

/** `tenantlab sandbox`: the embedded tenant as a server of its own, for other tools and SDKs. */
export const command: Command = {
  usage: '[OPTION …]',
  about:
    'Runs the embedded tenant until it is interrupted. Standard output holds one line, which a shell can take: it exports ' +
    'what other SDKs need to reach and trust it. What a person wants to know besides, such as its users and their ' +
    'passwords, goes to standard error.',
  takes: [],
  options: {
    port: {
      type: 'string',
      value: 'NUMBER',
      help: 'HTTPS port, or HTTP port with --http-only; a free one unless given',
    },
    'http-port': { type: 'string', value: 'NUMBER', help: 'HTTP port beside HTTPS; a free one unless given' },
    host: {
      type: 'string',
      value: 'ADDRESS',
      help: 'address to listen on; 127.0.0.1 unless given. Any other lets other machines reach a tenant whose passwords are known',
    },
    'host-name': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'further name that the tenant answers to, such as that of its container',
    },
    'http-only': { type: 'boolean', help: 'no HTTPS, and so no certificates' },
    'ca-dir': {
      type: 'string',
      value: 'FOLDER',
      help: 'folder for the file of the authority; a temporary one unless given',
    },
    data: { type: 'string', value: 'FOLDER', help: 'keeps the state there between runs, also after a crash' },
    domain: { type: 'string', value: 'NAME', help: 'domain of the tenant; one is made unless given' },
    'client-id': { type: 'string', value: 'TEXT', help: 'client id of the main application' },
    'client-secret': { type: 'string', value: 'TEXT', help: 'secret of the main application' },
    from: {
      type: 'string',
      value: 'DIR|FILE',
      help: 'begins with what auth0-deploy-cli exported into a folder (--format directory), or with a snapshot that was saved as JSON',
    },
    empty: { type: 'boolean', help: 'nothing but one application, the Management API and a database' },
    ...POPULATION,
    seed: { type: 'string', value: 'TEXT', help: 'the same ids, codes and credentials in every run' },
    clock: {
      type: 'string',
      choices: ['real', 'fixed'],
      help: 'real unless given; fixed stands still until it is advanced',
    },
    lag: {
      type: 'string',
      value: 'SPEC',
      help: `what is seen late, as at Auth0: search=2s,members=1s; of ${LATE.join(', ')}, or one duration for all`,
    },
    unknown: {
      type: 'string',
      choices: ['pass', 'refuse'],
      help: 'what becomes of fields that Auth0 does not document',
    },
    'rate-limit': { type: 'string', value: 'PLAN', choices: PLANS, help: 'limits of a plan of Auth0' },
    'no-default-domain': { type: 'boolean', help: 'links without a chosen custom domain are refused with 409' },
    json: { type: 'boolean', help: 'everything as one line of JSON' },
  },
  exits: [0, 1, 64],
  examples: ['tenantlab sandbox --seed demo --port 8443', 'tenantlab sandbox --json'],
  async run({ read, write, warn }) {
    const { values } = read()
    const options = optionsOf(values)
    const tenant = await begin(options)
    const folder = folderFor(textOf(values, 'ca-dir'), tenant)
    if (options.host !== undefined && !LOOPBACK.test(options.host))
      warn(
        `Other machines reach this tenant at ${options.host}. Its passwords and its admin token are all that guards it.`,
      )
    try {
      const shown = await describe(tenant, folder?.path)
      if (values.json === true) write(JSON.stringify(shown))
      else {
        for (const sentence of tenant.skipped) warn(`left out       ${sentence}`)
        for (const line of lines(shown)) warn(line)
        write(
          `export ${Object.entries(shown.environment)
            .map((pair) => pair.join('='))
            .join(' ')}`,
        )
        warn('Ctrl-C ends it.')
      }
      await interrupted()
      return 0
    } finally {
      await tenant.close()
      folder?.remove()
    }
  },
}

/** Starts the tenant; what an option says wrongly is a misuse. */
async function begin(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await sandbox(options)
  } catch (error) {
    throw error instanceof TypeError ? new MisuseError(error.message) : error
  }
}

function optionsOf(values: Values): SandboxOptions {
  const port = wholeOf(values, 'port', 0, 65_535)
  const httpPort = wholeOf(values, 'http-port', 0, 65_535)
  const seed = textOf(values, 'seed')
  const host = textOf(values, 'host')
  const hostNames = textsOf(values, 'host-name')
  const lag = lagOf(textOf(values, 'lag'))
  if (values['http-only'] === true) {
    for (const idle of ['http-port', 'ca-dir'])
      if (values[idle] !== undefined)
        throw new MisuseError(`--${idle} would be left out with --http-only. Leave one out.`)
  }
  return {
    ...(values['http-only'] === true && { tls: false }),
    ...(host !== undefined && { host }),
    ...(hostNames.length > 0 && { hostNames }),
    ...(port !== undefined && { port }),
    ...(httpPort !== undefined && { httpPort }),
    ...(seed !== undefined && { seed }),
    ...populationOf(values),
    ...(values.empty === true && { empty: true }),
    ...given(
      { from: 'from', data: 'data', domain: 'domain', clientId: 'client-id', clientSecret: 'client-secret' },
      values,
    ),
    ...(lag !== undefined && { lag }),
    ...(values.clock !== undefined && { clock: values.clock as 'real' | 'fixed' }),
    ...(values.unknown !== undefined && { unknown: values.unknown as 'pass' | 'refuse' }),
    ...(values['rate-limit'] !== undefined && { rateLimit: values['rate-limit'] as SandboxPlan }),
    ...(values['no-default-domain'] === true && { defaultDomain: null }),
  }
}

/** The options whose flags were written, by their names. */
function given(flags: Readonly<Record<string, string>>, values: Values): Readonly<Record<string, string>> {
  const found = Object.entries(flags).map(([name, flag]) => [name, textOf(values, flag)])
  return Object.fromEntries(found.filter(([, value]) => value !== undefined))
}

/** `2s` for everything, or `search=2s,members=1s`. */
function lagOf(text: string | undefined): SandboxLag | undefined {
  if (text === undefined) return undefined
  const duration = (given: string): string => {
    if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(given)) return given
    throw new MisuseError(`--lag takes durations such as 500ms or 2s, not "${given}".`)
  }
  if (!text.includes('=')) return Object.fromEntries(LATE.map((name) => [name, duration(text)]))
  const pairs = text.split(',').map((pair) => {
    const [name = '', given = ''] = pair.split('=')
    if (!LATE.some((each) => each === name)) {
      const near = nearest(name, LATE)
      throw new MisuseError(
        `--lag knows ${LATE.join(', ')}, not "${name}".${near === undefined ? '' : ` ${meantSentence(near, '', (name) => name)}`}`,
      )
    }
    return [name, duration(given)]
  })
  return Object.fromEntries(pairs)
}

interface Shown {
  readonly environment: Readonly<Record<string, string>>
  readonly audience: string
  readonly http: string
  readonly https?: string
  readonly page: string
  /** The admin API and its token. */
  readonly admin: { readonly url: string; readonly token: string }
  readonly users: readonly Person[]
}

interface Person {
  readonly email: string
  readonly password: string
  readonly mfa: boolean
}

/** Everybody who can sign in with a password, the seeded users first. */
function peopleOf(tenant: Sandbox): readonly Person[] {
  const tables = tenant.snapshot().tables as unknown as {
    readonly users: readonly [string, Readonly<Record<string, unknown>>][]
  }
  return tables.users.flatMap(([, { $mfa, $password, email }]) =>
    typeof email === 'string' && typeof $password === 'string'
      ? [{ email, password: $password, mfa: $mfa === true }]
      : [],
  )
}

/** How many users are listed for a person to read. */
const MOST_LISTED = 20

async function describe(tenant: Sandbox, folder: string | undefined): Promise<Shown> {
  const { clientId, clientSecret } = tenant.options
  const { url, httpsUrl } = tenant
  const host = new URL(httpsUrl ?? url)
  const authority = folder === undefined ? undefined : join(folder, 'ca.pem')
  if (authority !== undefined) writeFileSync(authority, await tenant.ca())
  return {
    environment: {
      ...(authority !== undefined && { NODE_EXTRA_CA_CERTS: authority }),
      AUTH0_DOMAIN: host.host.replace('127.0.0.1', 'localhost'),
      AUTH0_CLIENT_ID: clientId,
      AUTH0_CLIENT_SECRET: clientSecret,
    },
    audience: `https://${tenant.domain}/api/v2/`,
    http: url,
    ...(httpsUrl !== undefined && { https: httpsUrl }),
    page: `${url}/`,
    admin: { url: tenant.admin.url, token: tenant.admin.token },
    users: peopleOf(tenant),
  }
}

function lines({ admin, environment, audience, http, https, page, users }: Shown): readonly string[] {
  return [
    `domain         ${environment.AUTH0_DOMAIN}`,
    `client id      ${environment.AUTH0_CLIENT_ID}`,
    `client secret  ${environment.AUTH0_CLIENT_SECRET}`,
    `audience       ${audience}`,
    `http           ${http}`,
    ...(https === undefined ? [] : [`https          ${https}`]),
    ...(environment.NODE_EXTRA_CA_CERTS === undefined ? [] : [`CA file        ${environment.NODE_EXTRA_CA_CERTS}`]),
    `page           ${page}`,
    `admin API      ${admin.url}  ${admin.token}`,
    ...users
      .slice(0, MOST_LISTED)
      .map(({ email, password, mfa }) => `user           ${email}  ${password}${mfa ? '  (must pass MFA)' : ''}`),
    ...(users.length > MOST_LISTED
      ? [`               and ${users.length - MOST_LISTED} more: --json or GET ${admin.url}/users lists them`]
      : []),
    '',
    'Run the line of standard output, which begins with export, in a shell: another SDK then reaches and trusts it from there.',
  ]
}

/** Where the file of the authority lies: a folder that was named stays, a temporary one goes with the tenant. */
function folderFor(named: string | undefined, tenant: Sandbox): { readonly path: string; remove(): void } | undefined {
  if (tenant.httpsUrl === undefined) return undefined
  if (named !== undefined) {
    mkdirSync(named, { recursive: true })
    return { path: named, remove: () => undefined }
  }
  const path = mkdtempSync(join(tmpdir(), 'tenantlab-'))
  return { path, remove: () => rmSync(path, { recursive: true }) }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}
