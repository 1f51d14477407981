import { readFileSync } from 'node:fs'
import { hiddenPrompt } from '../hidden-prompt.ts'
import { type LoggedIn, type LoginWish, logInAsApplication, logInOnDevice } from '../log-in.ts'
import { type Command, MisuseError, textOf } from '../words/index.ts'

const ENVIRONMENTS = ['production', 'staging', 'development'] as const

/** `tenantlab login`: stores a tenant under a name, as an application or as a person. */
export const command: Command = {
  usage: '--domain D --client-id ID [--device] [OPTION …]',
  about:
    'Logs in, and stores the tenant under a name only when that works. Every secret goes into the system keyring where ' +
    'there is one; on Windows, and where secret-tool is missing, npm install @napi-rs/keyring reaches it. The secret is asked ' +
    'for, read from a pipe, or taken from AUTH0_CLIENT_SECRET; it is never an option.',
  takes: [],
  options: {
    domain: { type: 'string', value: 'D', help: "the tenant's domain, such as my-tenant.eu.auth0.com" },
    'client-id': { type: 'string', value: 'ID', help: 'the application' },
    name: { type: 'string', value: 'NAME', help: 'name of the profile; the first part of the domain unless given' },
    environment: {
      type: 'string',
      choices: ENVIRONMENTS,
      help: 'what the tenant is for: a console on production starts without writes, and a run asks before them',
    },
    audience: {
      type: 'string',
      value: 'URL',
      help: 'audience of the Management API, where the domain is a custom one',
    },
    'custom-domain': { type: 'string', value: 'D', help: 'domain for links and e-mails' },
    'private-key': {
      type: 'string',
      value: 'FILE',
      help: 'PEM file of the key that the application authenticates itself by, instead of a secret; the key is kept, not the file',
    },
    'key-id': { type: 'string', value: 'KID', help: 'id of the private key, with --private-key' },
    algorithm: { type: 'string', value: 'ALG', help: 'algorithm of the private key; RS256 unless given' },
    device: { type: 'boolean', help: 'a person logs in on another device, instead of an application with a secret' },
    scope: { type: 'string', value: 'SCOPES', help: 'scopes to ask for with --device' },
  },
  exits: [0, 1, 64],
  examples: ['tenantlab login --domain my-tenant.eu.auth0.com --client-id ID --environment staging'],
  async run({ read, write, warn }) {
    const { values } = read()
    const text = (name: string): string | undefined => textOf(values, name) || undefined
    const domain = text('domain') ?? process.env.AUTH0_DOMAIN
    const clientId = text('client-id') ?? process.env.AUTH0_CLIENT_ID
    if (domain === undefined || clientId === undefined) {
      throw new MisuseError('tenantlab login needs --domain and --client-id, or AUTH0_DOMAIN and AUTH0_CLIENT_ID.')
    }
    if (values.scope !== undefined && values.device !== true) {
      throw new MisuseError(
        '--scope would be left out: an application gets the scopes that it was granted. Add --device.',
      )
    }
    const keyFile = text('private-key')
    for (const name of ['key-id', 'algorithm'])
      if (keyFile === undefined && values[name] !== undefined)
        throw new MisuseError(`--${name} would be left out: it is for --private-key FILE.`)
    if (keyFile !== undefined && values.device === true)
      throw new MisuseError('--private-key is for an application, and --device for a person. Give one of them.')
    const audience = text('audience')
    const customDomain = text('custom-domain')
    const environment = ENVIRONMENTS.find((each) => each === text('environment'))
    const wish: LoginWish = {
      name: text('name') ?? domain.split('.')[0] ?? domain,
      domain,
      clientId,
      ...(audience !== undefined && { audience }),
      ...(customDomain !== undefined && { customDomain }),
      ...(environment !== undefined && { environment }),
    }
    const place = { environment: process.env, write }
    const done =
      values.device === true
        ? await logInOnDevice(wish, text('scope') ?? 'read:users read:clients', place)
        : await logInAsApplication(
            { ...wish, ...(keyFile === undefined ? { clientSecret: await secret() } : keyOf(keyFile, text)) },
            place,
          )
    for (const line of sentences(wish, done)) write(line)
    if (done.stored.warning !== undefined) warn(done.stored.warning)
    return 0
  },
}

/** The private key of a file. */
function keyOf(file: string, text: (name: string) => string | undefined) {
  const keyId = text('key-id')
  const keyAlgorithm = text('algorithm')
  const privateKey = readFileSync(file, 'utf8')
  if (!/-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/.test(privateKey))
    throw new MisuseError(`${file} holds no private key in PEM, and nothing was stored. Name the file of the key.`)
  return { privateKey, ...(keyId !== undefined && { keyId }), ...(keyAlgorithm !== undefined && { keyAlgorithm }) }
}

async function secret(): Promise<string> {
  const given = process.env.AUTH0_CLIENT_SECRET ?? (await hiddenPrompt('Client secret (not shown): '))
  if (given === '')
    throw new MisuseError(
      'No client secret was given, and nothing was stored. Type it, pipe it, or set AUTH0_CLIENT_SECRET.',
    )
  return given
}

function sentences({ name, domain, environment }: LoginWish, { stored, token }: LoggedIn): readonly string[] {
  const scopes = token.scopes === undefined ? '' : ` with ${token.scopes.length} scopes`
  return [
    `Logged in to ${domain}${scopes}. Stored as ${name} in ${stored.keyring ?? stored.path}.`,
    ...(token.expiresAt === undefined || token.source !== 'manual'
      ? []
      : [`The API gave no refresh token: log in again after ${new Date(token.expiresAt).toISOString()}.`]),
    ...(environment === 'production'
      ? ['It is tagged production: consoles start without writes, and runs ask before them.']
      : []),
    `tenantlab repl --profile ${name} opens a console on it.`,
  ]
}
