import type { Profile } from '../../profiles/index.ts'
import type { Command } from '../command.ts'
import { hiddenPrompt } from '../hidden-prompt.ts'
import { type LoggedIn, type LoginWish, logInAsApplication, logInOnDevice } from '../log-in.ts'

const ENVIRONMENTS = ['production', 'staging', 'development'] as const

/** `tenantlab login`: stores a tenant under a name, as an application or as a person. */
export const loginCommand: Command = {
  name: 'login',
  usage: 'login --domain D --client-id ID [--device]',
  summary: 'Stores a tenant under a name once its credentials have worked; the secret goes into the system keyring.',
  options: {
    domain: { type: 'string' },
    'client-id': { type: 'string' },
    name: { type: 'string' },
    environment: { type: 'string' },
    audience: { type: 'string' },
    'custom-domain': { type: 'string' },
    device: { type: 'boolean' },
    scope: { type: 'string' },
  },
  help: {
    domain: "the tenant's domain, such as my-tenant.eu.auth0.com",
    'client-id': 'the application; its secret is asked for, read from a pipe, or taken from AUTH0_CLIENT_SECRET',
    name: 'name of the profile; the first part of the domain unless given',
    environment: `${ENVIRONMENTS.join(', ')}: a console on production starts without writes`,
    audience: 'audience of the Management API, where the domain is a custom one',
    'custom-domain': 'domain for links and e-mails',
    device: 'a person logs in on another device, instead of an application with a secret',
    scope: 'scopes to ask for with --device',
  },
  async run({ options, write, warn }) {
    const text = (name: string): string | undefined => {
      const value = options[name]
      return typeof value === 'string' && value !== '' ? value : undefined
    }
    const domain = text('domain') ?? process.env.AUTH0_DOMAIN
    const clientId = text('client-id') ?? process.env.AUTH0_CLIENT_ID
    if (domain === undefined || clientId === undefined) {
      throw new Error('tenantlab login needs --domain and --client-id, or AUTH0_DOMAIN and AUTH0_CLIENT_ID.')
    }
    const audience = text('audience')
    const customDomain = text('custom-domain')
    const environment = environmentOf(text('environment'))
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
      options.device === true
        ? await logInOnDevice(wish, text('scope') ?? 'read:users read:clients', place)
        : await logInAsApplication({ ...wish, clientSecret: await secret() }, place)
    for (const line of sentences(wish, done)) write(line)
    if (done.stored.warning !== undefined) warn(done.stored.warning)
    return 0
  },
}

async function secret(): Promise<string> {
  const given = process.env.AUTH0_CLIENT_SECRET ?? (await hiddenPrompt('Client secret (not shown): '))
  if (given === '') throw new Error('No client secret was given, and nothing was stored.')
  return given
}

function environmentOf(name: string | undefined): Profile['environment'] {
  const known = ENVIRONMENTS.find((each) => each === name)
  if (name === undefined || known !== undefined) return known
  throw new Error(`--environment takes ${ENVIRONMENTS.join(', ')}, not "${name}".`)
}

function sentences({ name, domain, environment }: LoginWish, { stored, token }: LoggedIn): readonly string[] {
  const scopes = token.scopes === undefined ? '' : ` with ${token.scopes.length} scopes`
  return [
    `Logged in to ${domain}${scopes}. Stored as ${name} in ${stored.keyring ?? stored.path}.`,
    ...(token.expiresAt === undefined || token.source !== 'manual'
      ? []
      : [`The API gave no refresh token: log in again after ${new Date(token.expiresAt).toISOString()}.`]),
    ...(environment === 'production' ? ['It is tagged production: consoles start without writes.'] : []),
    `tenantlab repl --profile ${name} opens a console on it.`,
  ]
}
