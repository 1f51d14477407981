import {
  isSecretSlot,
  type PlanClient,
  type PlanData,
  planData,
  type SecretValues,
  secretSlot,
  sha256,
} from '../../plan/index.ts'
import type { ClientCredentials } from '../../tokens/index.ts'

/** The application that an mfa token was issued to. */
interface RememberedClient {
  readonly client: PlanClient
  readonly secrets: SecretValues
}

const MOST = 200
/** Name of the secret that is an mfa token, in every plan that carries one. */
export const MFA_SLOT = 'mfa_token'
const place = Symbol.for('tenantlab.mfa')

/**
 * Remembers which application an interrupted login spoke for, because the second factor must be answered as the same
 * one. Kept for the process, by hash: the token may be used in a later cell and another session of it.
 */
export function rememberClient(
  mfaToken: string,
  plan: PlanData,
  secrets: SecretValues,
  own: ClientCredentials | undefined,
): void {
  const client =
    plan.client === undefined ? ownClient(own) : { client: plan.client, secrets: secretsFor(plan.client, secrets) }
  if (client === undefined) return
  const known = memory()
  known.set(sha256(mfaToken), client)
  if (known.size > MOST) known.delete(known.keys().next().value as string)
}

/** The plan as the application that its mfa token belongs to; unchanged where it names one or none is remembered. */
export function withRememberedClient(plan: PlanData, secrets: SecretValues): { plan: PlanData; secrets: SecretValues } {
  const token = plan.client === undefined ? mfaTokenOf(plan, secrets) : undefined
  const remembered = token === undefined ? undefined : memory().get(sha256(token))
  if (remembered === undefined) return { plan, secrets }
  return {
    plan: planData({ ...plan, client: remembered.client }),
    secrets: { ...secrets, ...remembered.secrets },
  }
}

function mfaTokenOf(plan: PlanData, secrets: SecretValues): string | undefined {
  const carries =
    plan.bearer?.$secret === MFA_SLOT ||
    (typeof plan.body === 'object' &&
      plan.body !== null &&
      isSecretSlot((plan.body as Record<string, unknown>)[MFA_SLOT]))
  return carries ? secrets[MFA_SLOT] : undefined
}

function ownClient(own: ClientCredentials | undefined): RememberedClient | undefined {
  if (own === undefined) return undefined
  const { clientId, clientSecret, clientAssertion } = own
  if (clientSecret !== undefined) {
    const name = 'client_secret'
    return { client: { clientId, clientSecret: secretSlot(name) }, secrets: { [name]: clientSecret } }
  }
  if (clientAssertion === undefined) return { client: { clientId }, secrets: {} }
  // Only a key that is text can travel beside a plan; any other stays with the session that was given it.
  if (typeof clientAssertion.key !== 'string') return undefined
  const name = 'client_assertion_key'
  const assertion = { key: secretSlot(name), alg: clientAssertion.alg ?? 'RS256' }
  return { client: { clientId, clientAssertion: assertion }, secrets: { [name]: clientAssertion.key } }
}

function secretsFor(client: PlanClient, secrets: SecretValues): SecretValues {
  const names = [client.clientSecret?.$secret, client.clientAssertion?.key.$secret]
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => names.includes(name)))
}

/** Prints as nothing: what it remembers are credentials. */
class Memory {
  readonly #clients = new Map<string, RememberedClient>()

  get size(): number {
    return this.#clients.size
  }

  get(key: string): RememberedClient | undefined {
    return this.#clients.get(key)
  }

  set(key: string, client: RememberedClient): void {
    this.#clients.set(key, client)
  }

  delete(key: string): void {
    this.#clients.delete(key)
  }

  keys(): IterableIterator<string> {
    return this.#clients.keys()
  }
}

function memory(): Memory {
  const home = globalThis as { [place]?: Memory }
  const found = home[place]
  if (found !== undefined) return found
  const made = new Memory()
  Object.defineProperty(home, place, { value: made, enumerable: false, configurable: true, writable: true })
  return made
}
