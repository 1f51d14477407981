import { type Clock, isJsonObject, NetworkError, type Subscribable } from '../plan/index.ts'
import type { HttpReply, RequestDraft } from '../wire/index.ts'
import { Flight, firstOf, working } from './subscribables.ts'
import { BoundedMap } from './token-store.ts'

const HOLDS = 600_000
const BETWEEN_REFETCHES = 10_000

/** A public key as a tenant publishes it. */
export interface SigningKey {
  readonly kty: string
  readonly kid?: string
}

/** Where signing keys come from and who wants to know. */
export interface KeyEnvironment {
  readonly domain: string
  readonly clock: Clock
  readonly send: (draft: RequestDraft) => Subscribable<HttpReply>
  /** What the bytes travel through; keys are cached beside it, since two transports may lead to two tenants. */
  readonly transport: object
  /** Headers for every request, such as telemetry. */
  readonly headers?: Readonly<Record<string, string>>
  readonly tell?: (url: string, source: 'cache' | 'request') => void
}

interface KnownKeys {
  readonly keys: readonly SigningKey[]
  readonly at: number
}

const caches = new WeakMap<object, { known: BoundedMap<KnownKeys>; flights: Map<string, Flight<KnownKeys>> }>()

/**
 * The signing key with this id. Keys are cached for ten minutes; an id that is not among them has them fetched once
 * more, at most every ten seconds.
 *
 * @param fresh skips the cache, where its answer proved wrong.
 * @returns `undefined` when the tenant publishes no such key.
 * @see https://auth0.com/docs/secure/tokens/json-web-tokens/json-web-key-sets
 */
export async function signingKey(
  environment: KeyEnvironment,
  kid: string | undefined,
  fresh = false,
  signal?: AbortSignal,
): Promise<{ readonly key: SigningKey | undefined; readonly source: 'cache' | 'request' }> {
  const url = `https://${environment.domain}/.well-known/jwks.json`
  const { known } = cacheOf(environment.transport)
  const now = environment.clock.now()
  const cached = known.get(url)
  const age = cached === undefined ? Number.POSITIVE_INFINITY : now - cached.at
  if (cached !== undefined && age >= 0 && age < HOLDS) {
    const key = select(cached.keys, kid)
    if ((key !== undefined && !fresh) || age < BETWEEN_REFETCHES) {
      environment.tell?.(url, 'cache')
      return { key, source: 'cache' }
    }
  }
  environment.tell?.(url, 'request')
  const fetched = await fetchKeys(environment, url, signal)
  return { key: select(fetched.keys, kid), source: 'request' }
}

function select(keys: readonly SigningKey[], kid: string | undefined): SigningKey | undefined {
  if (kid !== undefined) return keys.find((key) => key.kid === kid)
  // A token without an id can only mean the one key there is.
  return keys.length === 1 ? keys[0] : undefined
}

function cacheOf(transport: object) {
  let cache = caches.get(transport)
  if (cache === undefined) {
    cache = { known: new BoundedMap<KnownKeys>(), flights: new Map() }
    caches.set(transport, cache)
  }
  return cache
}

function fetchKeys(environment: KeyEnvironment, url: string, signal: AbortSignal | undefined): Promise<KnownKeys> {
  const { known, flights } = cacheOf(environment.transport)
  let flight = flights.get(url)
  if (flight === undefined) {
    flight = new Flight(
      working(async (flightSignal) => {
        const keys = await request(environment, url, flightSignal)
        const entry = { keys, at: environment.clock.now() }
        known.set(url, entry)
        return entry
      }),
      () => flights.delete(url),
    )
    flights.set(url, flight)
  }
  return firstOf(flight, signal)
}

async function request(environment: KeyEnvironment, url: string, signal: AbortSignal): Promise<readonly SigningKey[]> {
  const draft: RequestDraft = {
    method: 'GET',
    origin: `https://${environment.domain}`,
    path: '/.well-known/jwks.json',
    search: '',
    headers: { accept: 'application/json', ...environment.headers },
  }
  const reply = await firstOf(environment.send(draft), signal)
  const keys = reply.status === 200 ? keysOf(reply.body) : undefined
  if (keys !== undefined) return keys
  throw new NetworkError(
    `GET ${url} answered ${reply.status} without signing keys, so that the ID token could not be checked. Check that ` +
      'the domain is that of an Auth0 tenant, or connect with idToken: false to leave ID tokens unchecked.',
  )
}

function keysOf(body: string): readonly SigningKey[] | undefined {
  try {
    const answer: unknown = JSON.parse(body)
    if (!isJsonObject(answer) || !Array.isArray(answer.keys)) return undefined
    return answer.keys.filter((key: unknown): key is SigningKey => isJsonObject(key) && typeof key.kty === 'string')
  } catch {
    // The caller says what is wrong with the answer.
    return undefined
  }
}
