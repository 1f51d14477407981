import { ConfigurationError, type Subscribable } from '../plan/index.ts'
import { OwnClient } from './client-authentication.ts'
import type { BearerToken, ClientCredentials, TokenEnvironment, TokenQuotas, TokenSource } from './contract.ts'
import { failed } from './subscribables.ts'

/** No credentials for the Management API: logins work, everything else says what is missing. */
export class NoSource implements TokenSource {
  readonly kind = 'none'
  readonly #client: OwnClient
  readonly #clientId: string | undefined

  constructor(environment: TokenEnvironment, client?: ClientCredentials) {
    this.#client = new OwnClient(environment, client)
    this.#clientId = client?.clientId
  }

  token(): Subscribable<BearerToken> {
    return failed(
      new ConfigurationError(
        this.#clientId === undefined
          ? 'This plan needs a Management API token, and connect() was given no credentials for one. Connect with clientId ' +
              'and clientSecret (or clientAssertion), or with token.'
          : `This plan needs a Management API token, and connect() has no secret of the application ${this.#clientId}. Set ` +
              'AUTH0_CLIENT_SECRET, or connect with clientSecret (or clientAssertion), or with token.',
      ),
    )
  }

  drop(): void {}

  clientFields(client: ClientCredentials | undefined): Promise<Record<string, string>> | Record<string, string> {
    return this.#client.fields(client)
  }

  quotas(): TokenQuotas {
    return { client: [], organization: [] }
  }
}
