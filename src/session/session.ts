import type { Auth0Grammar, Help } from '../grammar/index.ts'
import type { Execution, Json, JsonObject, Plan, RunOptions, Secret, Work } from '../plan/index.ts'
import type { ClientAssertion, TokenChoice } from '../tokens/index.ts'
import type { BodySchema } from './body-schema.ts'
import type { FoundOperation } from './find.ts'
import type { Limits } from './limits.ts'

/**
 * Options of `auth0.run()`.
 *
 * @example
 * const plan = auth0.login.password({ username: user.email, password: user.password })
 * await auth0.run(plan.toJSON(), { secrets: { password: user.password } })
 */
export interface SessionRunOptions extends RunOptions {
  /** Values for the secret slots of the plan, by slot name. */
  readonly secrets?: { readonly [slot: string]: string | Secret }
}

/**
 * Options of `auth0.raw()`.
 *
 * @example
 * auth0.raw('GET /api/v2/users', { query: { per_page: 5 } }).run()
 */
export interface RawRequest {
  /** Query parameters; added to those in the route. */
  readonly query?: JsonObject
  /** JSON body. */
  readonly body?: Json
}

/** Another application, for `auth0.as()`. */
export interface AnotherApplication {
  readonly clientId?: string
  readonly clientSecret?: string | Secret
  readonly clientAssertion?: ClientAssertion
  /** A token, a function or an object that brings one, or what `clientCredentials()` gives. */
  readonly token?: TokenChoice
  /** Organization for client-credentials tokens. */
  readonly organization?: string
  /** Audience of the Management API. */
  readonly audience?: string
}

/** Control over the access tokens of a session. */
export interface SessionTokens {
  /**
   * Forgets the session's access token, here and in `stores.tokens`, and a credential that was refused: the next plan
   * asks for a new token. Say it after the application was granted a scope.
   *
   * @example
   * auth0.tokens.drop()
   */
  drop(): void
}

/**
 * A connection to one tenant: everything that can be said of it, and what runs it. No word of it sends anything; `run()`
 * of a plan does.
 */
export interface Session extends Auth0Grammar {
  /**
   * The domain that requests go to.
   *
   * @example
   * console.log(auth0.domain)
   */
  readonly domain: string
  /**
   * The same tenant as another application: transport, rate limit and options are shared, tokens are its own.
   *
   * @throws ConfigurationError when the options do not fit together.
   * @example
   * const { clientId, clientSecret } = tenant.options
   * auth0.as({ clientId, clientSecret }).login.clientCredentials().run()
   */
  as(application: AnotherApplication): Session
  /**
   * Binds a plan, or its JSON, to this session and runs it.
   *
   * @throws MissingSecretError (the execution rejects) when the plan has secret slots without a value.
   * @example
   * await auth0.run(auth0.users(user.user_id).get().toJSON())
   */
  run<T>(plan: Plan<T>, options?: SessionRunOptions): Execution<T>
  run(json: string | object, options?: SessionRunOptions): Execution<unknown>
  /**
   * Searches operations and words: by name and route, by what is said of them, by field; a slip is forgiven. Sends nothing.
   *
   * @param text One or more words: `quota`, `users roles`.
   * @example
   * console.log(await auth0.find('quota'))
   */
  find(text: string): Promise<readonly FoundOperation[]>
  /**
   * The zod schema of an operation's body, or of its query where it has no body. Unknown fields pass, as in `run()`.
   *
   * @throws ValidationError for an operation that is not known.
   * @example
   * auth0.schema('users.create').safeParse({ connection: 'Username-Password-Authentication' }).success
   */
  schema(operation: string): BodySchema
  /**
   * Whether the session's token allows everything that a plan or flow is known to send; `true` where the token does not
   * show its scopes. Asks for a token where none is at hand.
   *
   * @example
   * await auth0.can(auth0.users.list())
   */
  can(work: Work<unknown>): Promise<boolean>
  /**
   * The least set of scopes that allows all of these plans and flows. Sends nothing.
   *
   * @example
   * auth0.scopesFor([auth0.users.list(), auth0.clients('id').update({ name: 'x' })])
   */
  scopesFor(work: readonly Work<unknown>[]): readonly string[]
  /**
   * Help on a group, a verb or a word: signature, scopes, fields, an example, the documentation page. Sends
   * nothing.
   *
   * @param subject `auth0.networkAcls.create`, or its name as a text; everything when left out.
   * @throws ValidationError where there is no help.
   * @example
   * console.log(auth0.help(auth0.users))
   */
  help(subject?: unknown): Help
  /**
   * The session's access tokens for the Management API.
   *
   * @example
   * auth0.tokens.drop()
   */
  readonly tokens: SessionTokens
  /**
   * Rate-limit buckets and token quotas, as the server told them last. Sends nothing.
   *
   * @example
   * await auth0.users.list().run()
   * console.log(auth0.limits())
   */
  limits(): Limits
  /**
   * A request for which there is no word.
   *
   * @param route method and path: `GET /api/v2/users`. A whole URL of the session's own domain is taken for its path.
   * @example
   * auth0.raw('GET /api/v2/users', { query: { per_page: 5 } }).run()
   */
  raw<T = unknown>(route: string, request?: RawRequest): Plan<T>
}
