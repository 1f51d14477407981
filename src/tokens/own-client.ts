import { ClientAuthentication } from './client-authentication.ts'
import type { ClientCredentials, TokenEnvironment } from './contract.ts'

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
