import { fetchTransport } from '../../transport/index.ts'
import type { HttpRequest } from '../../wire/index.ts'
import type { TourFlow } from './flow.ts'

/** Flows 1 and 2 of the Authentication API: clients, and the client-credentials grant. */
export const authenticationFlows: readonly TourFlow[] = [
  {
    flow: 'authentication-client',
    documented: 'AuthenticationApiClient with a domain',
    calls: ['new AuthenticationApiClient(domain)'],
    here: 'connect({ domain })',
    async run({ tenant, connect, step, expect }) {
      const { domain, dispatcher, clock } = tenant.options
      const auth0 = connect({ domain, dispatcher, clock })
      const started = await step(
        "auth0.passwordless.email({ clientId, clientSecret, email: 'user-one@example.com' })",
        auth0.passwordless.email({
          clientId: tenant.options.clientId,
          clientSecret: tenant.options.clientSecret,
          email: tenant.seed.users[0]?.email ?? '',
        }),
      )
      expect(started !== null, 'a session without credentials speaks for the application that the plan names')
    },
  },
  {
    flow: 'own-transport',
    documented: 'AuthenticationApiClient with an own IAuthenticationConnection',
    calls: ['IAuthenticationConnection.GetAsync', 'IAuthenticationConnection.SendAsync'],
    here: 'connect({ domain, transport })',
    async run({ tenant, connect, step, say, expect }) {
      const { domain, clientId, clientSecret, clock } = tenant.options
      const seen: string[] = []
      const send = fetchTransport()
      const transport = (request: HttpRequest) => {
        const { method, url, headers, body, signal } = request
        seen.push(`${method} ${new URL(url).pathname}`)
        say(
          `${method} ${url} · accepts ${headers['accept']} · body ${body === undefined ? 'no' : 'yes'} · cancelled ${signal?.aborted ?? false}`,
        )
        return send({ ...request, url: request.url.replace(`https://${domain}`, tenant.url) })
      }
      const auth0 = connect({ domain, clientId, clientSecret, clock, transport })
      await step('auth0.tenants.settings.get()', auth0.tenants.settings.get())
      expect(
        seen.includes('GET /api/v2/tenants/settings'),
        'every byte goes through the own transport, token requests included',
      )
    },
  },
  {
    flow: 'client-credentials',
    documented: 'Client credentials token',
    calls: ['GetTokenAsync(ClientCredentialsTokenRequest)'],
    here: 'auth0.login.clientCredentials({ audience })',
    async run({ tenant, auth0, step, say, expect }) {
      const { clientId, clientSecret } = tenant.options
      const tokens = await step(
        "auth0.login.clientCredentials({ audience: 'https://my.custom.domain/api/v2/', clientId, clientSecret })",
        auth0.login.clientCredentials({ audience: 'https://my.custom.domain/api/v2/', clientId, clientSecret }),
      )
      // Printed by itself a token would be readable.
      say(`Access Token : ${typeof tokens.access_token}, not printed here`)
      say(`Refresh Token : ${tokens.refresh_token}`)
      say(`Id Token : ${tokens.id_token}`)
      say(`Token Type : ${tokens.token_type}`)
      say(`Expires In : ${tokens.expires_in}`)
      expect(tokens.token_type === 'Bearer' && tokens.expires_in > 0, 'the answer is a Bearer token with a lifetime')
    },
  },
]
