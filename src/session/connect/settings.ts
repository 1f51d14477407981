import { optionFault } from '../../catalogue/index.ts'
import type { UnknownPolicy } from '../../pipeline/index.ts'
import { type Clock, ConfigurationError, clockOf, refuseSetting, systemClock } from '../../plan/index.ts'
import { type NamedProfile, profilesPath, readProfile, secretText } from '../../profiles/index.ts'
import { type ClientCredentials, credentialsOf, isTokenProvider, type TokenDelegate } from '../../tokens/index.ts'
import type { Writes } from '../internals.ts'
import { checkCustomDomain, checkDomain } from '../plans/index.ts'
import type { AnotherApplication } from '../session.ts'
import { checkOptions } from './conflicts.ts'
import type { ConnectOptions } from './options.ts'

/** What a session is made of, after options, environment and profile were put together. */
export interface Settings {
  readonly domain: string
  readonly tenantDomain: string | undefined
  readonly audience: string
  readonly client: ClientCredentials | undefined
  readonly token: string | TokenDelegate | undefined
  readonly organization: string | undefined
  readonly customDomain: string | undefined
  readonly timeout: number
  readonly writes: Writes
  readonly unknown: UnknownPolicy
  readonly clock: Clock
  /** What the profile says the tenant is for. */
  readonly environment: NamedProfile['environment']
  /** A stored login of a user, which brings the tokens where nothing else does. */
  readonly userLogin: UserLogin | undefined
}

/** A stored login of a user: the refresh token, and the profile that holds it. */
export interface UserLogin {
  readonly profile: string
  readonly refreshToken: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Deadline per plan in milliseconds where nothing else is said. */
const TIMEOUT = 30_000

/**
 * Puts options, environment and profile together. Environment and profile are asked only for what `connect()` was not
 * told, and never for credentials of a domain that was passed: a secret must not travel to a tenant it is not for.
 *
 * @throws ConfigurationError when something is missing or does not fit together.
 */
export function resolveSettings(given: ConnectOptions, environment: Environment = process.env): Settings {
  const options = withProvider(given, 'connect()')
  checkOptions(options)
  const found = options.domain === undefined ? lookUp(options, environment) : {}
  const ownCredentials = options.clientId !== undefined || options.token !== undefined
  const { domain = '', tenantDomain, audience, customDomain, organization } = { ...found, ...defined(options) }
  const clientId = ownCredentials ? options.clientId : found.clientId
  const clientSecret = ownCredentials ? secretText(options.clientSecret) : found.clientSecret
  const plain = checkDomain(domain, 'connect(): "domain"')
  const tenant = tenantDomain === undefined ? undefined : checkDomain(tenantDomain, 'connect(): "tenantDomain"')
  return {
    domain: plain,
    tenantDomain: tenant,
    audience: audience ?? `https://${tenant ?? plain}/api/v2/`,
    client: clientOf(
      clientId,
      clientSecret,
      options.clientAssertion ?? (ownCredentials ? undefined : assertionOf(found)),
    ),
    token: delegateOf(options.token) ?? (ownCredentials ? undefined : found.accessToken),
    organization: options.token === undefined ? organization : undefined,
    customDomain: customDomain === undefined ? undefined : checkCustomDomain(customDomain, 'connect(): "customDomain"'),
    timeout: options.timeout ?? TIMEOUT,
    writes: strictest(options.writes ?? found.writes ?? 'allow', environment.TENANTLAB_WRITES),
    unknown: options.unknown ?? 'tell',
    clock: options.clock ?? clockOf(options.dispatcher) ?? systemClock,
    environment: found.environment,
    userLogin: ownCredentials ? undefined : userLoginOf(found),
  }
}

/** The private key of a stored application. */
function assertionOf({ privateKey, keyAlgorithm, keyId }: Found): ClientCredentials['clientAssertion'] {
  if (privateKey === undefined) return undefined
  return {
    key: privateKey,
    ...(keyAlgorithm !== undefined && { alg: keyAlgorithm }),
    ...(keyId !== undefined && { kid: keyId }),
  }
}

/**
 * The options with the application of `clientCredentials()` in its usual places.
 *
 * @throws ConfigurationError where the options name another application or domain beside it.
 */
function withProvider<T extends ConnectOptions | AnotherApplication>(given: T, call: string): T {
  const provider = given?.token
  const credentials = credentialsOf(provider)
  if (credentials === undefined || typeof provider !== 'object' || !('kind' in provider)) return given
  const { domain, audience, organization } = provider
  const own = given as ConnectOptions
  const twice = (['clientId', 'clientSecret', 'clientAssertion'] as const).find((name) => own[name] !== undefined)
  if (twice !== undefined) {
    throw new ConfigurationError(
      `${call}: "${twice}" and token: clientCredentials({ … }) both name an application. Leave one of them out.`,
    )
  }
  if (domain !== undefined && own.domain !== undefined && domain !== own.domain) {
    throw new ConfigurationError(
      `${call}: clientCredentials() names the domain ${domain}, and the session's is ${own.domain}. Tokens come from the ` +
        'domain of the session: pass the same, or leave it out of clientCredentials().',
    )
  }
  const { token: _, ...rest } = own
  return {
    ...(domain !== undefined && call === 'connect()' && { domain }),
    ...(audience !== undefined && { audience }),
    ...(organization !== undefined && { organization }),
    ...rest,
    ...credentials,
  } as T
}

/** A provider object as the function that it stands for. */
function delegateOf(choice: ConnectOptions['token']): string | TokenDelegate | undefined {
  if (isTokenProvider(choice)) return (request) => choice.getAccessToken(request)
  return choice as string | TokenDelegate | undefined
}

/** The settings of a session whose tokens come from elsewhere; for the stage `token(provider)`. */
export function settingsWithTokens(settings: Settings, choice: NonNullable<ConnectOptions['token']>): Settings {
  return credentialsOf(choice) === undefined
    ? { ...settings, token: delegateOf(choice) }
    : settingsAs(settings, { token: choice })
}

function userLoginOf({ profile, refreshToken }: Found): UserLogin | undefined {
  return profile === undefined || refreshToken === undefined ? undefined : { profile, refreshToken }
}

/** What environment or profile may contribute. */
type Found = Partial<NamedProfile>

function lookUp(options: ConnectOptions, environment: Environment): Found {
  if (options.profile !== undefined) return readProfile(options.profile, environment, true) ?? {}
  const { AUTH0_DOMAIN: domain, AUTH0_PROFILE: profile } = environment
  if (isSet(domain) && isSet(profile)) {
    throw new ConfigurationError(
      `connect(): AUTH0_DOMAIN (${domain}) and AUTH0_PROFILE (${profile}) are both set, and may mean two tenants. Unset ` +
        'one of them, or pass domain or profile.',
    )
  }
  if (isSet(profile)) return readProfile(profile, environment, true) ?? {}
  if (isSet(domain)) return fromEnvironment(domain, options, environment)
  const standard = readProfile('default', environment, false)
  if (standard !== undefined) return standard
  throw new ConfigurationError(
    "connect(): no domain is known. Pass connect({ domain: 'my-tenant.eu.auth0.com', clientId, clientSecret }), or set " +
      'AUTH0_DOMAIN, AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET, or store a tenant as "default": tenantlab login writes it to ' +
      `${profilesPath(environment)}. Without an account, sandbox() of tenantlab/sandbox starts an embedded tenant.`,
  )
}

function fromEnvironment(domain: string, options: ConnectOptions, environment: Environment): Found {
  const plain = checkDomain(domain, 'The environment variable AUTH0_DOMAIN')
  const audience = textOf(environment.AUTH0_AUDIENCE)
  const customDomain = textOf(environment.AUTH0_CUSTOM_DOMAIN)
  const found: Found = {
    domain: plain,
    ...(audience === undefined ? {} : { audience }),
    ...(customDomain === undefined
      ? {}
      : { customDomain: checkCustomDomain(customDomain, 'The environment variable AUTH0_CUSTOM_DOMAIN') }),
  }
  if (options.clientId !== undefined || options.token !== undefined) return found
  const clientId = textOf(environment.AUTH0_CLIENT_ID)
  const clientSecret = textOf(environment.AUTH0_CLIENT_SECRET)
  if (clientId === undefined && clientSecret !== undefined) {
    throw new ConfigurationError(
      'connect(): AUTH0_CLIENT_SECRET is set and AUTH0_CLIENT_ID is missing. Set AUTH0_CLIENT_ID, or pass clientId and ' +
        'clientSecret.',
    )
  }
  if (clientId === undefined) {
    throw new ConfigurationError(
      'connect(): AUTH0_DOMAIN is set, and AUTH0_CLIENT_ID and AUTH0_CLIENT_SECRET are missing. Set them, or pass domain ' +
        'alone for logins without an application: connect({ domain }).',
    )
  }
  return { ...found, clientId, ...(clientSecret === undefined ? {} : { clientSecret }) }
}

function clientOf(
  clientId: string | undefined,
  clientSecret: string | undefined,
  clientAssertion: ClientCredentials['clientAssertion'],
): ClientCredentials | undefined {
  if (clientId === undefined) return undefined
  return {
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(clientAssertion === undefined ? {} : { clientAssertion }),
  }
}

function defined(options: ConnectOptions): ConnectOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/**
 * The same settings for another application.
 *
 * @throws ConfigurationError when the options do not fit together.
 */
export function settingsAs(settings: Settings, given: AnotherApplication): Settings {
  const application = withProvider(given, 'auth0.as()')
  const names = ['clientId', 'clientSecret', 'clientAssertion', 'token', 'organization', 'audience']
  const fault = optionFault(application ?? {}, names)
  if (fault !== undefined) {
    refuseSetting('auth0.as()', { ...fault, next: `${fault.next} For anything else call connect() again.` })
  }
  checkOptions(application)
  const { clientId, clientSecret, clientAssertion, token, organization, audience = settings.audience } = application
  if (clientId === undefined && token === undefined) {
    throw new ConfigurationError(
      'auth0.as(): it needs the other application. Pass clientId and clientSecret, or token.',
    )
  }
  const client =
    clientId === undefined
      ? undefined
      : {
          clientId,
          ...(clientSecret && { clientSecret: secretText(clientSecret) }),
          ...(clientAssertion && { clientAssertion }),
        }
  return { ...settings, client, token: delegateOf(token), organization, audience, userLogin: undefined }
}

const WRITES: readonly Writes[] = ['allow', 'check', 'deny']

/** `TENANTLAB_WRITES` is a floor: a check of a whole script holds, whatever the script passes to `connect()`. */
export function strictest(wanted: Writes, floor: string | undefined): Writes {
  if (!isSet(floor)) return wanted
  const least = WRITES.indexOf(floor as Writes)
  if (least === -1) {
    throw new ConfigurationError(
      'connect(): the environment variable TENANTLAB_WRITES must be allow, check or deny. Correct or unset it.',
    )
  }
  return WRITES[Math.max(least, WRITES.indexOf(wanted))] ?? 'deny'
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

function textOf(value: string | undefined): string | undefined {
  return isSet(value) ? value : undefined
}
