import { inspect } from 'node:util'
import { type Clock, SECRET_MARK, sha256 } from '../plan/index.ts'
import { assertionFields, assertionFingerprint } from './assertion.ts'
import type { ClientCredentials, TokenEnvironment } from './contract.ts'

/** How an application authenticates itself. Holds the secret where no printing reaches it. */
export class ClientAuthentication {
  readonly #credentials: ClientCredentials
  readonly #domain: string
  readonly #clock: Clock

  constructor(credentials: ClientCredentials, domain: string, clock: Clock) {
    this.#credentials = { ...credentials }
    this.#domain = domain
    this.#clock = clock
  }

  get clientId(): string {
    return this.#credentials.clientId
  }

  /** Whether there is a secret or a key; without, the application is a public one. */
  get confidential(): boolean {
    return this.#credentials.clientSecret !== undefined || this.#credentials.clientAssertion !== undefined
  }

  /** Fields for the body of a request; a promise only where a signature is needed. */
  fields(): Record<string, string> | Promise<Record<string, string>> {
    const { clientId, clientSecret, clientAssertion } = this.#credentials
    if (clientSecret !== undefined) return { client_id: clientId, client_secret: clientSecret }
    if (clientAssertion === undefined) return { client_id: clientId }
    return assertionFields(clientId, clientAssertion, this.#domain, this.#clock)
  }

  /** Identifies the credential without showing it. */
  fingerprint(): string {
    const { clientSecret, clientAssertion } = this.#credentials
    if (clientSecret !== undefined) return sha256(clientSecret)
    if (clientAssertion === undefined) return 'public'
    return `${clientAssertion.alg ?? 'RS256'}-${clientAssertion.kid ?? ''}-${assertionFingerprint(clientAssertion)}`
  }

  toJSON(): object {
    return { clientId: this.clientId, credential: this.confidential ? SECRET_MARK : 'none' }
  }

  [inspect.custom](): string {
    return `ClientAuthentication { ${this.clientId}, ${this.confidential ? SECRET_MARK : 'no credential'} }`
  }
}

/** The application that a session names for logins, when its Management API token comes from elsewhere. */
export class OwnClient {
  readonly #environment: TokenEnvironment
  readonly #own: ClientAuthentication | undefined

  constructor(environment: TokenEnvironment, own: ClientCredentials | undefined) {
    this.#environment = environment
    this.#own = own === undefined ? undefined : this.#authentication(own)
  }

  /** Fields for the body; none when neither the plan nor the session names an application. */
  fields(client: ClientCredentials | undefined): Promise<Record<string, string>> | Record<string, string> {
    return (client === undefined ? this.#own : this.#authentication(client))?.fields() ?? {}
  }

  #authentication(client: ClientCredentials): ClientAuthentication {
    return new ClientAuthentication(client, this.#environment.domain, this.#environment.clock)
  }
}
