import { type Profile, type StoredWhere, storeProfile } from '../profiles/index.ts'
import { type ConnectOptions, connect, internalsOf, type TokenStatus } from '../session/index.ts'

/** What a login is made of. */
export interface LoginWish {
  /** Name of the profile. */
  readonly name: string
  readonly domain: string
  readonly clientId: string
  readonly clientSecret?: string
  /** PKCS#8 PEM of an application that authenticates itself by it. */
  readonly privateKey?: string
  readonly keyAlgorithm?: string
  readonly keyId?: string
  readonly audience?: string
  readonly customDomain?: string
  readonly environment?: Profile['environment']
}

/** Where a login runs; tests bring their own. */
export interface LoginPlace {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Further options of `connect()`. */
  readonly connection?: Pick<ConnectOptions, 'dispatcher' | 'clock' | 'transport'>
  write(text: string): void
}

/** What a login ended in. */
export interface LoggedIn {
  readonly stored: StoredWhere
  readonly token: TokenStatus
}

/**
 * Logs in as an application, and keeps the tenant only when that works.
 *
 * @throws ApiError when Auth0 refuses the credentials.
 */
export async function logInAsApplication(wish: LoginWish, place: LoginPlace): Promise<LoggedIn> {
  const { name, ...profile } = defined(wish)
  const { environment: tag, privateKey, keyAlgorithm: alg, keyId: kid, ...connection } = profile
  const clientAssertion = privateKey === undefined ? undefined : defined({ key: privateKey, alg, kid })
  const session = connect({ ...connection, ...(clientAssertion && { clientAssertion }), ...place.connection })
  const token = await internalsOf(session).token()
  return { stored: storeProfile(name, profile, place.environment), token }
}

/**
 * Logs a person in on another device, and keeps the tenant with the refresh token, or with the access token where the
 * API gives no refresh token.
 *
 * @param scopes Scopes to ask for, separated by blanks; `offline_access` is added.
 * @throws ApiError when the person refuses, or the code expires.
 */
export async function logInOnDevice(wish: LoginWish, scopes: string, place: LoginPlace): Promise<LoggedIn> {
  const { name, ...profile } = defined(wish)
  const { environment: tag, audience, privateKey: _, keyAlgorithm: __, keyId: ___, ...connection } = profile
  const session = connect({ ...connection, ...(audience && { audience }), ...place.connection })
  const target = audience ?? `https://${wish.domain}/api/v2/`
  const scope = [...new Set([...scopes.split(/\s+/), 'offline_access'])].filter((each) => each !== '').join(' ')
  const started = await session.device.start({ scope, audience: target }).run()
  place.write(`Open ${started.verification_uri_complete ?? started.verification_uri}`)
  place.write(`and confirm the code ${started.user_code}. Waiting; Ctrl-C ends it.`)
  const { device_code: deviceCode, interval } = started
  const tokens = await session.login.deviceCode({ deviceCode, ...(interval !== undefined && { interval }) }).run()
  const { access_token: accessToken, refresh_token: refreshToken } = tokens
  const kept = { ...connection, ...(audience && { audience }), ...(tag && { environment: tag }) }
  // The Management API allows no offline access on most tenants: what there is then lasts for a day or less.
  const secret = typeof refreshToken === 'string' ? { refreshToken } : { accessToken }
  const stored = storeProfile(name, { ...kept, ...secret }, place.environment)
  const granted = tokens.scope ?? scope
  const until = refreshToken === undefined && tokens.expires_in !== undefined ? tokens.expires_in * 1000 : undefined
  const source = refreshToken === undefined ? 'manual' : 'delegate'
  const token: TokenStatus = {
    source,
    audience: target,
    scopes: granted.split(' '),
    ...(until !== undefined && { expiresAt: Date.now() + until }),
  }
  return { stored, token }
}

function defined<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}
