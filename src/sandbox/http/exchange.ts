import type { Json, JsonObject } from '../../plan/index.ts'
import {
  type AuthenticationCall,
  AuthenticationFailure,
  type AuthenticationReply,
  findEndpoint,
} from '../authentication/index.ts'
import type { Core } from '../core.ts'
import type { LimitVerdict, RateLimits } from '../limits/index.ts'
import { evaluateNetworkAcls, exportFile, handleManagement } from '../management/index.ts'
import type { Host } from '../tenant/index.ts'
import type { SandboxRequest } from '../types.ts'
import { type Answer, jsonAnswer, textAnswer } from './answer.ts'
import { readCallBody } from './call-body.ts'
import { crossOriginHeaders, isPreflight, preflightAnswer } from './cross-origin.ts'

/** A request as the socket brought it. */
export interface IncomingExchange {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly raw: Uint8Array
  readonly secure: boolean
  readonly ip: string
  /** Rate key of the catalogue's row, where there is one. */
  readonly rateKey?: string
}

/** The answer with what the request list notes besides. */
export interface Handled {
  readonly answer: Answer
  readonly body?: Json
  readonly secretBody?: readonly string[]
  readonly notes?: Pick<SandboxRequest, 'operation' | 'customDomain' | 'unknown'>
}

/** Answers one request: host, network ACLs, rate limit, then the API that the path belongs to. */
export async function handleExchange(core: Core, limits: RateLimits, request: IncomingExchange): Promise<Handled> {
  const host = core.hostOf(request.headers.host ?? '')
  if (!host) {
    const text = `This sandbox serves ${core.domain}, its verified custom domains and loopback, not ${request.headers.host}.`
    return { answer: jsonAnswer(421, { error: 'misdirected_request', error_description: text }) }
  }
  const management = request.path.startsWith('/api/v2/')
  const blocked = networkAnswer(core, request, host, management)
  if (blocked) return { answer: blocked }
  if (isPreflight(request)) return { answer: preflightAnswer(core, request) }
  const limit = limits.take(
    management ? 'management' : 'authentication',
    request.rateKey ?? (management ? 'management' : 'authentication'),
    core.clock.now(),
    request.ip,
  )
  noteLimit(core, limit, request)
  if (!limit.allowed) return { answer: limitAnswer(limit, management) }
  const handled = management ? await managementAnswer(core, host, request) : await authentication(core, host, request)
  const { answer } = handled
  const shared = crossOriginHeaders(core, request)
  return { ...handled, answer: { ...answer, headers: { ...limit.headers, ...shared, ...answer.headers } } }
}

function limitAnswer(limit: LimitVerdict, management: boolean): Answer {
  const message = 'Global limit has been reached'
  const body: JsonObject = management
    ? { statusCode: 429, error: 'Too Many Requests', message, errorCode: 'too_many_requests' }
    : { error: 'too_many_requests', error_description: message }
  return jsonAnswer(429, body, limit.headers)
}

function noteLimit(core: Core, limit: LimitVerdict, request: IncomingExchange): void {
  if (limit.allowed && !limit.nearlyUsedUp) return
  const type = limit.allowed ? 'api_limit_warning' : 'api_limit'
  const { method, path } = request
  const details = { limit: { global: limit.global, size: limit.limit ?? 0 }, request: { method, path } }
  core.log({ type, description: 'Rate limit', ip: request.ip, details })
}

/**
 * The network ACLs' answer. Everybody comes from loopback here, so the headers `Sandbox-Client-Ip`, `-Country` and `-Asn`
 * say where a request pretends to come from.
 */
function networkAnswer(core: Core, request: IncomingExchange, host: Host, management: boolean): Answer | undefined {
  const { headers, ip, path } = request
  const { 'sandbox-client-country': country, 'sandbox-client-asn': asn, 'sandbox-client-ip': from } = headers
  const verdict = evaluateNetworkAcls(core, {
    path,
    ip: from ?? ip,
    headers: { ...headers, host: host.name },
    ...(country === undefined ? {} : { country }),
    ...(asn === undefined ? {} : { asn: Number(asn) }),
  })
  if (verdict.action === 'redirect') return { ...jsonAnswer(302), headers: { location: verdict.uri ?? '/' } }
  if (verdict.action !== 'block') return undefined
  const message = 'Access from this network is blocked by a tenant access control list.'
  if (management) return jsonAnswer(403, { statusCode: 403, error: 'Forbidden', message })
  if (headers.accept?.includes('text/html'))
    return textAnswer(403, 'text/html; charset=utf-8', `<html><body>${message}</body></html>`)
  return jsonAnswer(403, { error: 'access_denied', error_description: message })
}

async function managementAnswer(core: Core, host: Host, request: IncomingExchange): Promise<Handled> {
  const { headers, method, path, query, raw } = request
  const origin = originOf(host, request)
  const issuer = `${origin}/`
  const outcome = await handleManagement({ core, method, path, host, issuer, origin, query, headers, raw })
  const { reply } = outcome
  return {
    answer: {
      ...jsonAnswer(reply.status, reply.body, reply.headers),
      ...(reply.stream ? { stream: reply.stream } : {}),
    },
    ...(outcome.body === undefined ? {} : { body: outcome.body }),
    ...(outcome.secretBody ? { secretBody: outcome.secretBody } : {}),
    notes: {
      ...(outcome.operation ? { operation: outcome.operation } : {}),
      ...(outcome.customDomain ? { customDomain: outcome.customDomain } : {}),
      ...(outcome.unknown ? { unknown: outcome.unknown } : {}),
    },
  }
}

async function authentication(core: Core, host: Host, request: IncomingExchange): Promise<Handled> {
  const { headers, ip, method, path, query } = request
  const file = method === 'GET' ? /^\/exports\/([^/]+)$/.exec(path)?.[1] : undefined
  if (file !== undefined) return { answer: exportAnswer(core, decodeURIComponent(file)) }
  const endpoint = findEndpoint(method, path)
  if (endpoint === undefined)
    return { answer: jsonAnswer(404, { error: 'not_found', error_description: `There is no ${method} ${path} here.` }) }
  if (endpoint === 'other-method')
    return {
      answer: jsonAnswer(405, { error: 'method_not_allowed', error_description: `${path} takes no ${method}.` }),
    }
  const read = readCallBody(request)
  if (!read.ok) return { answer: replyAnswer(read.failure.reply()) }
  const issuer = `${originOf(host, request)}/`
  const call: AuthenticationCall = { core, method, path, host, issuer, query, headers, body: read.body, ip }
  const answer = await (async () => endpoint(call))().catch((error: unknown) => {
    if (error instanceof AuthenticationFailure) return error.reply()
    throw error
  })
  return { answer: replyAnswer(answer), body: read.body }
}

function replyAnswer({ headers = {}, json, status, text }: AuthenticationReply): Answer {
  return text ? textAnswer(status, text.type, text.value, headers) : jsonAnswer(status, json, headers)
}

function exportAnswer(core: Core, id: string): Answer {
  const file = exportFile(core, id)
  if (file) return textAnswer(200, file.type, file.content)
  return jsonAnswer(404, {
    error: 'not_found',
    error_description: 'The export link has expired. Start a new export job.',
  })
}

/** Over plain HTTP the tenant's own addresses are the origins that are not https: clients there expect just that issuer. */
function originOf(host: Host, request: IncomingExchange): string {
  const address = host.kind === 'loopback' || host.kind === 'network'
  return `${address && !request.secure ? 'http' : 'https'}://${host.authority}`
}
