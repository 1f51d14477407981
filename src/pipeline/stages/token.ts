import { defer, from, mergeMap, Observable, type Subscriber } from 'rxjs'
import { usualFirst } from '../../catalogue/index.ts'
import { isJsonObject, isPromise, processSecrets, ScopeError, type SecretValues } from '../../plan/index.ts'
import type { BearerToken, ClientCredentials, TokenChoice, TokenSource } from '../../tokens/index.ts'
import { readErrorBody } from '../../wire/index.ts'
import { feed, follow, observed } from '../observable.ts'
import { builtIn, type Handler, type Operation, type Reply, type Stage } from '../stage.ts'

/**
 * The stage that authenticates requests: the Management API gets the session's access token, the grants of the
 * Authentication API get the application's client authentication. A token that lacks every scope of the operation is
 * found before anything is sent, and asked for anew once where it came from a cache; one that the server refuses with 401
 * is dropped, and the request goes out once more with a new one.
 *
 * @param provider Where tokens of the Management API come from; from the session's own source when left out.
 * @see https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens
 * @example
 * const auth0 = connect({ ...tenant.options, pipeline: [token()] })
 * await auth0.users.list().run()
 */
export function token(provider?: TokenChoice): Stage {
  return builtIn([], (next) => (operation) => {
    const { plan, row, request, context } = operation
    if (plan.bearer !== undefined || request.headers.authorization !== undefined) {
      return defer(() => {
        context.emit({ kind: 'token', at: context.clock.now(), source: 'plan' })
        return withClient(operation, next)
      })
    }
    const tokens = provider === undefined ? context.session.tokens : context.session.tokensOf(provider)
    return row.api === 'management' ? withBearer(operation, next, tokens, 0) : withClient(operation, next)
  })
}

/** @param renewed How often the token of this request was dropped and asked for anew. */
function withBearer(operation: Operation, next: Handler, tokens: TokenSource, renewed: number): Observable<Reply> {
  return new Observable((subscriber) => {
    const { context } = operation
    context.begin()
    const ready = renewed > 0 ? undefined : tokens.ready?.()
    if (ready !== undefined) return sendWith(ready, { operation, next, tokens, renewed, ms: 0 }, subscriber)
    const since = context.clock.now()
    const asked = tokens.token({ rejected: renewed > 0, ...(context.signal && { signal: context.signal }) })
    follow<BearerToken, Reply>(asked, subscriber, {
      value: (bearer) =>
        new Observable((after) => {
          sendWith(bearer, { operation, next, tokens, renewed, ms: context.clock.now() - since }, after)
        }),
    })
  })
}

interface Sending {
  readonly operation: Operation
  readonly next: Handler
  readonly tokens: TokenSource
  /** How often the token of this request was dropped and asked for anew. */
  readonly renewed: number
  /** Milliseconds that were waited for the token. */
  readonly ms: number
}

function sendWith(bearer: BearerToken, sending: Sending, subscriber: Subscriber<Reply>): void {
  const { operation, next, tokens, renewed, ms } = sending
  const { context, request } = operation
  const again = (attempt: number, reason: string): Observable<Reply> => {
    tokens.drop(bearer.token)
    context.emit({ kind: 'retry', at: context.clock.now(), attempt, reason, delay: 0 })
    return withBearer(operation, next, tokens, renewed + 1)
  }
  const { source, audience, expiresAt } = bearer
  processSecrets().add(bearer.token)
  const at = context.clock.now()
  context.emit({
    kind: 'token',
    at,
    source,
    audience,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(ms > 0 && { ms }),
  })
  const lacking = scopeError(operation, bearer)
  if (lacking !== undefined) {
    // A grant may have been given since the token was made.
    const worth = source === 'cache' && renewed === 0 && mayRenew(tokens, at)
    if (worth) return feed(again(context.attempts, 'the cached token lacks a scope'), subscriber)
    return subscriber.error(lacking)
  }
  const authorization = bearer.token === lastToken ? lastAuthorization : authorizationOf(bearer.token)
  // Not by spreading: Node 20 puts copies that get more members into the old space, with all that they hold.
  const headers = Object.assign({}, request.headers, { authorization })
  const sent = next(Object.assign({}, operation, { request: Object.assign({}, request, { headers }) }))
  if (source === 'manual') return feed(sent, subscriber)
  follow<Reply, Reply>(sent, subscriber, {
    value(reply) {
      if (reply.status === 401 && renewed === 0) return again(reply.attempt, 'the token was refused')
      if (reply.status !== 403 || readErrorBody(reply).code !== 'insufficient_scope') return undefined
      if (source === 'cache' && renewed === 0 && mayRenew(tokens, at)) {
        return again(reply.attempt, 'the cached token lacks a scope')
      }
      tokens.drop(bearer.token)
      return undefined
    },
  })
}

let lastToken: string | undefined
let lastAuthorization = ''

/** One text per token, as far as one follows the other: putting a long one together costs more than looking at it. */
function authorizationOf(token: string): string {
  lastToken = token
  lastAuthorization = `Bearer ${token}`
  return lastAuthorization
}

/** Renewals in a row for a missing scope, and milliseconds after which one more is allowed: each costs a token. */
const RENEWALS = 5
const PER_RENEWAL = 10_000
const renewals = new WeakMap<object, { left: number; at: number }>()

/** Whether a cached token that lacks a scope is asked for anew, or whether that was done often enough. */
function mayRenew(tokens: object, now: number): boolean {
  const { left, at } = renewals.get(tokens) ?? { left: RENEWALS, at: now }
  const filled = Math.min(RENEWALS, left + Math.floor((now - at) / PER_RENEWAL))
  if (filled === 0) return false
  renewals.set(tokens, { left: filled - 1, at: filled === left ? at : now })
  return true
}

function scopeError({ plan, row }: Operation, bearer: BearerToken): ScopeError | undefined {
  const granted = bearer.scopes
  const expected = row.scopes
  if (granted === undefined || expected.length === 0) return undefined
  const has = (scope: string): boolean => granted.includes(scope)
  if (row.allScopes ? expected.every(has) : expected.some(has)) return undefined
  const lacking = row.allScopes ? expected.filter((scope) => !has(scope)) : usualFirst(expected, row)
  const which = lacking.join(row.allScopes ? ' and ' : ' or ')
  const next =
    bearer.source === 'manual' || bearer.source === 'delegate'
      ? `Bring a token that has ${which}`
      : `Grant the application ${which} on the Management API, then run it again with a new token`
  return new ScopeError(`${plan.op}: the token has no ${which}, so nothing was sent. ${next}. See ${row.docs}.`, {
    plan,
    attempts: 0,
    expected,
    granted,
  })
}

function withClient(operation: Operation, next: Handler): Observable<Reply> {
  const wanted = operation.row.clientFields
  if (wanted === 'none') return observed(next(operation))
  const { plan, context } = operation
  const client = plan.client === undefined ? undefined : credentials(plan.client, context.secrets)
  const merge = (all: Readonly<Record<string, string>>): Operation => {
    const own = wanted === 'id' && all.client_id !== undefined ? { client_id: all.client_id } : all
    return wanted === 'id' && all.client_id === undefined ? operation : withFields(operation, own)
  }
  return defer(() => {
    const fields = context.session.tokens.clientFields(client)
    if (!isPromise(fields)) return observed(next(merge(fields)))
    context.begin()
    return from(fields).pipe(mergeMap((all) => observed(next(merge(all)))))
  })
}

/** What the body says itself stays: a plan may name its application there. */
function withFields(operation: Operation, fields: Readonly<Record<string, string>>): Operation {
  const { request } = operation
  const { body } = request
  if (body?.kind === 'form') {
    return { ...operation, request: { ...request, body: { kind: 'form', fields: { ...fields, ...body.fields } } } }
  }
  if (body?.kind === 'json' && isJsonObject(body.value)) {
    return { ...operation, request: { ...request, body: { kind: 'json', value: { ...fields, ...body.value } } } }
  }
  return operation
}

function credentials(client: NonNullable<Operation['plan']['client']>, secrets: SecretValues): ClientCredentials {
  const { clientId, clientSecret, clientAssertion } = client
  const secret = clientSecret === undefined ? undefined : secrets[clientSecret.$secret]
  const key = clientAssertion === undefined ? undefined : secrets[clientAssertion.key.$secret]
  return {
    clientId,
    ...(secret !== undefined && { clientSecret: secret }),
    ...(key !== undefined && clientAssertion && { clientAssertion: { ...clientAssertion, key } }),
  }
}
