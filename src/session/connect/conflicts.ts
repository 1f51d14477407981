import { meantSentence, nearest, optionFault } from '../../catalogue/index.ts'
import { ConfigurationError, refuseSetting } from '../../plan/index.ts'
import { secretText } from '../../profiles/index.ts'
import { isTokenProvider } from '../../tokens/index.ts'
import { checkCustomDomain, checkDomain } from '../plans/index.ts'
import type { ConnectOptions } from './options.ts'

/** Names of the options of `connect()`. */
export const CONNECT_OPTIONS: readonly (keyof ConnectOptions)[] = [
  'domain',
  'tenantDomain',
  'clientId',
  'clientSecret',
  'clientAssertion',
  'token',
  'audience',
  'organization',
  'customDomain',
  'retry',
  'timeout',
  'rateLimit',
  'stores',
  'writes',
  'unknown',
  'dispatcher',
  'transport',
  'maxAnswerSize',
  'pipeline',
  'idToken',
  'telemetry',
  'clock',
  'prompt',
  'profile',
]
const PRESETS = ['free', 'essentials', 'professional', 'enterprise', 'enterprise-dev']

/** Options that exclude each other, and what to do instead. */
const EXCLUSIONS: readonly (readonly [keyof ConnectOptions, keyof ConnectOptions, string])[] = [
  ['pipeline', 'retry', 'Write the stage with its options instead: pipeline: [retry({ … }), …].'],
  ['pipeline', 'rateLimit', 'Write the stage with its options instead: pipeline: [rateLimit({ … }), …].'],
  ['token', 'organization', 'An organization belongs to tokens that clientId and clientSecret fetch.'],
  ['clientSecret', 'clientAssertion', "Give the one that is the application's authentication method."],
  ['profile', 'domain', 'A profile names its domain; leave one of the two out.'],
  ['profile', 'clientId', 'A profile names its application; leave one of the two out.'],
  ['profile', 'clientSecret', 'A profile names its application; leave one of the two out.'],
  ['profile', 'clientAssertion', 'A profile names its application; leave one of the two out.'],
]

/**
 * Refuses options that are unknown, malformed, or do not fit together.
 *
 * @throws ConfigurationError naming the options, the rule and the next step.
 */
export function checkOptions(options: ConnectOptions): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    refuse('The argument', 'must be an object of options', "Write connect({ domain: '…', clientId, clientSecret }).")
  }
  for (const key of Object.keys(options)) {
    if ((CONNECT_OPTIONS as readonly string[]).includes(key)) continue
    refuse(`"${key}"`, 'is not an option', hintFor(key))
  }
  for (const [one, other, next] of EXCLUSIONS) {
    if (options[one] !== undefined && options[other] !== undefined) {
      refuse(`"${one}" and "${other}"`, 'exclude each other', next)
    }
  }
  checkDomains(options)
  checkCredentials(options)
  checkTransport(options)
  checkLimits(options)
  checkStores(options)
  checkBehaviour(options)
}

/** What other SDKs call an option, and how it is written here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['baseUrl', 'baseURL', 'issuer', 'issuerBaseURL', 'host', 'hostname', 'url', 'tenant', 'auth0Domain'].map(
      (name) => [name, 'Write "domain", without scheme and path: connect({ domain: \'my-tenant.eu.auth0.com\' }).'],
    ),
  ),
  ...Object.fromEntries(
    ['accessToken', 'access_token', 'apiToken', 'bearerToken', 'managementToken', 'tokenProvider', 'getToken'].map(
      (name) => [name, 'Write "token": a token, or a function that brings one.'],
    ),
  ),
  secret: 'Write "clientSecret".',
  clientAssertionSigningKey: 'Write clientAssertion: { key, alg }.',
  clientAssertionSigningAlg: 'Write clientAssertion: { key, alg }.',
  privateKey: 'Write clientAssertion: { key, alg }.',
  timeoutDuration: 'Write "timeout", in milliseconds.',
  timeoutInSeconds: 'Write "timeout", in milliseconds.',
  requestTimeout: 'Write "timeout", in milliseconds.',
  maxRetries: 'Write retry: { maxRetries }.',
  retries: 'Write retry: { maxRetries }.',
  fetch: "Write transport: 'fetch', or a transport function of your own.",
  fetcher: 'Write "transport": a function that gets the request and gives the reply.',
  httpClient: 'Write "transport": a function that gets the request and gives the reply.',
  agent: 'Write "dispatcher": an undici Agent, Pool or ProxyAgent.',
  httpsAgent: 'Write "dispatcher": an undici Agent, Pool or ProxyAgent.',
  proxy: 'Write "dispatcher": an undici ProxyAgent.',
  headers: 'Headers go to each plan: plan.with({ headers }).',
  customDomainHeader: 'Write "customDomain".',
  scope: 'Scopes are granted to the application; leave the option out.',
}

function hintFor(key: string): string {
  const elsewhere = Object.hasOwn(ELSEWHERE, key) ? ELSEWHERE[key] : undefined
  if (elsewhere !== undefined) return elsewhere
  const near = nearest(key, CONNECT_OPTIONS as readonly string[])
  return meantSentence(near, `Options are ${CONNECT_OPTIONS.join(', ')}.`)
}

function checkDomains({ domain, tenantDomain, customDomain }: ConnectOptions): void {
  if (domain !== undefined) checkDomain(domain, 'connect(): "domain"')
  if (tenantDomain !== undefined) checkDomain(tenantDomain, 'connect(): "tenantDomain"')
  if (customDomain !== undefined) checkCustomDomain(customDomain, 'connect(): "customDomain"')
}

function checkCredentials(options: ConnectOptions): void {
  for (const key of ['clientId', 'clientSecret', 'audience', 'organization', 'profile'] as const) {
    const value = key === 'clientSecret' ? secretText(options[key]) : options[key]
    if (value === undefined) continue
    if (typeof value !== 'string' || value.trim() === '') {
      refuse(`"${key}"`, 'must be a text that is not empty', 'Check the variable that it comes from.')
    }
  }
  const { clientId, clientSecret, clientAssertion, token } = options
  if (clientId === undefined && options.profile === undefined) {
    if (clientSecret !== undefined) refuse('"clientSecret"', 'needs "clientId"', 'Pass both.')
    if (clientAssertion !== undefined) refuse('"clientAssertion"', 'needs "clientId"', 'Pass both.')
  }
  if (clientAssertion !== undefined) {
    closed('clientAssertion', clientAssertion ?? {}, ['key', 'alg', 'kid'])
    const { key, alg, kid } = (clientAssertion ?? {}) as Partial<typeof clientAssertion>
    const usable = (typeof key === 'string' && key !== '') || (typeof key === 'object' && key !== null)
    if (!usable) refuse('"clientAssertion"', 'needs "key"', 'Pass a PKCS#8 PEM text, a private JWK, or a CryptoKey.')
    if (alg !== undefined && typeof alg !== 'string')
      refuse('"clientAssertion.alg"', 'must be a text', 'RS256 is usual.')
    if (kid !== undefined && typeof kid !== 'string')
      refuse('"clientAssertion.kid"', 'must be a text', 'Leave it out where the key has no id.')
  }
  if (token === undefined || typeof token === 'function' || isTokenProvider(token)) return
  if (typeof token === 'string' && /^bearer\s/i.test(token)) {
    refuse('"token"', 'must be the token alone', 'Leave the word "Bearer" out.')
  }
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    refuse(
      '"token"',
      'must be a token without blanks, or a function or object with getAccessToken() that brings one',
      'Check where it was copied from; for an application write clientCredentials({ clientId, clientSecret }).',
    )
  }
}

function checkTransport({ transport, dispatcher, pipeline }: ConnectOptions): void {
  const perApi = typeof transport === 'object' && transport !== null
  if (perApi) closed('transport', transport, ['management', 'authentication'])
  for (const each of perApi ? [transport.management, transport.authentication] : [transport]) {
    if (each === undefined || each === 'undici' || each === 'fetch' || typeof each === 'function') continue
    refuse('"transport"', "must be 'undici', 'fetch' or a function", 'Leave it out for undici.')
  }
  if (dispatcher === undefined) return checkPipeline(pipeline)
  if (typeof dispatcher?.dispatch !== 'function') {
    refuse('"dispatcher"', 'must be an undici dispatcher', 'Pass an Agent, Pool, ProxyAgent or MockAgent.')
  }
  if (transport !== undefined && transport !== 'undici') {
    refuse(
      '"dispatcher" and "transport"',
      'exclude each other',
      'A dispatcher belongs to undici; leave one of the two out.',
    )
  }
  checkPipeline(pipeline)
}

function checkPipeline(pipeline: ConnectOptions['pipeline']): void {
  if (pipeline === undefined) return
  if (Array.isArray(pipeline) && pipeline.every((stage) => typeof stage === 'function')) return
  const hint = 'Call the stages: pipeline: [retry(), rateLimit(), token(), customDomain()].'
  refuse('"pipeline"', 'must be a list of stages', hint)
}

function checkLimits({ retry, rateLimit, timeout, maxAnswerSize }: ConnectOptions): void {
  if (timeout !== undefined && !isAbove(timeout, 0)) {
    refuse('"timeout"', 'must be a number of milliseconds above 0', 'Leave it out for 30 000.')
  }
  if (maxAnswerSize !== undefined && !isAbove(maxAnswerSize, 0)) {
    refuse('"maxAnswerSize"', 'must be a number of bytes above 0', 'Leave it out for 64 MiB.')
  }
  if (retry !== undefined && retry !== false) {
    closed('retry', retry, ['maxRetries', 'initialDelay', 'maxDelay'])
    const { maxRetries, initialDelay, maxDelay } = retry
    if (maxRetries !== undefined && !(Number.isInteger(maxRetries) && maxRetries >= 0)) {
      refuse('"retry.maxRetries"', 'must be a whole number, 0 or more', 'Pass retry: false for no retries at all.')
    }
    for (const [name, value] of [
      ['initialDelay', initialDelay],
      ['maxDelay', maxDelay],
    ] as const) {
      if (value !== undefined && !isAbove(value, 0))
        refuse(`"retry.${name}"`, 'must be milliseconds above 0', 'Correct it.')
    }
  }
  if (rateLimit === undefined || rateLimit === false) return
  if (typeof rateLimit === 'string') {
    if (!PRESETS.includes(rateLimit)) {
      const near = nearest(rateLimit, PRESETS)
      const next = meantSentence(near, `Presets are ${PRESETS.join(', ')}.`)
      refuse('"rateLimit"', 'must be a preset or { burst, perSecond }', next)
    }
    return
  }
  closed('rateLimit', rateLimit, ['burst', 'perSecond', 'headroom'])
  if (!isAbove(rateLimit.burst, 0) || !isAbove(rateLimit.perSecond, 0)) {
    refuse('"rateLimit"', 'needs "burst" and "perSecond", numbers above 0', 'Write { burst: 10, perSecond: 10 }.')
  }
  const { headroom = 0 } = rateLimit
  if (!(typeof headroom === 'number' && headroom >= 0 && headroom < 1)) {
    refuse('"rateLimit.headroom"', 'must be a share from 0 to below 1', 'Write 0.3 to leave 30 % to others.')
  }
}

/** Only what is written can be checked here; what a limiter opens is looked at when it is opened. */
function checkStores({ stores, rateLimit, token }: ConnectOptions): void {
  if (stores === undefined) return
  closed('stores', stores, ['tokens', 'limiter'], '')
  const { tokens, limiter } = stores
  if (limiter !== undefined && typeof limiter !== 'function') {
    refuse('"stores.limiter"', 'must be a function that opens the limiter of a tenant', 'Write (tenant) => limiter.')
  }
  if (limiter !== undefined && rateLimit === false) {
    refuse('"stores.limiter" and "rateLimit: false"', 'exclude each other', 'Leave one of the two out.')
  }
  if (tokens === undefined) return
  const missing = (['get', 'set', 'delete'] as const).filter((name) => typeof tokens?.[name] !== 'function')
  if (missing.length > 0) {
    const next = `Give it ${missing.map((name) => `${name}()`).join(' and ')}.`
    refuse('"stores.tokens"', 'must have get(), set() and delete()', next)
  }
  if (tokens.exclusive !== undefined && typeof tokens.exclusive !== 'function') {
    refuse('"stores.tokens.exclusive"', 'must be a function', 'Leave it out where the store has no lock.')
  }
  if (token !== undefined) {
    refuse(
      '"token" and "stores.tokens"',
      'exclude each other',
      'Only tokens that clientId and clientSecret fetch are kept.',
    )
  }
}

function checkBehaviour({ writes, unknown, idToken, telemetry, clock, prompt }: ConnectOptions): void {
  if (prompt !== undefined && typeof prompt?.ask !== 'function') {
    refuse('"prompt"', 'must have a function ask(question)', 'Leave it out for the prompt of the notebook or terminal.')
  }
  if (writes !== undefined && !['allow', 'deny', 'check'].includes(writes)) {
    refuse('"writes"', "must be 'allow', 'deny' or 'check'", "Leave it out for 'allow'.")
  }
  if (unknown !== undefined && !['refuse', 'tell', 'allow'].includes(unknown)) {
    refuse('"unknown"', "must be 'refuse', 'tell' or 'allow'", "Leave it out for 'tell'.")
  }
  if (telemetry !== undefined && typeof telemetry !== 'boolean') {
    refuse('"telemetry"', 'must be true or false', 'Pass false to send no Auth0-Client header.')
  }
  if (clock !== undefined && (typeof clock?.now !== 'function' || typeof clock.after !== 'function')) {
    refuse('"clock"', 'must have now() and after()', 'Leave it out for the time of this machine.')
  }
  if (idToken === undefined || idToken === false) return
  closed('idToken', idToken, ['nonce', 'organization', 'tolerance'])
  if (idToken.tolerance !== undefined && !(typeof idToken.tolerance === 'number' && idToken.tolerance >= 0)) {
    refuse('"idToken.tolerance"', 'must be a number of seconds, 0 or more', 'Leave it out for 60.')
  }
}

function closed(option: string, value: unknown, members: readonly string[], off = ', or false'): void {
  const fault = optionFault(value, members, option)
  if (fault?.path === option) {
    refuse(`"${option}"`, `must be an object of ${members.join(', ')}${off}`, 'Leave it out for the usual behaviour.')
  }
  if (fault !== undefined) refuseSetting('connect()', fault)
}

function isAbove(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > least
}

function refuse(what: string, rule: string, next: string): never {
  throw new ConfigurationError(`connect(): ${what} ${rule}. ${next}`)
}
