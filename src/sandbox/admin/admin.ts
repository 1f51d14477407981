import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isJsonObject, type Json, type JsonObject } from '../../plan/index.ts'
import type { Serve } from '../http/index.ts'
import { Refusal } from '../refusal.ts'
import type { AdminParts } from './parts.ts'
import { AdminRefusal, type AdminRoute, ROUTES } from './routes.ts'

/** Where the admin API stands. */
export const ADMIN_PATH = '/_sandbox/api'

const MOST_BYTES = 256 * 1_048_576

/** The admin API of one tenant. */
export interface Admin {
  readonly token: string
  /** Serves `/health` and the admin API; everything else goes on. */
  inFrontOf(next: Serve): Serve
}

/** Makes the admin API of a tenant. */
export function createAdmin(parts: AdminParts): Admin {
  const { core, token } = parts

  async function answer(request: IncomingMessage, response: ServerResponse, secure: boolean): Promise<void> {
    try {
      checkOrigin(parts, request, secure)
      checkToken(request, token)
      const url = new URL(request.url ?? '/', 'http://tenant')
      const { names, route, takes } = routeOf(request.method ?? 'GET', url.pathname.slice(ADMIN_PATH.length) || '/')
      const unknown = [...url.searchParams.keys()].find((name) => !takes.includes(name))
      if (unknown !== undefined)
        throw new AdminRefusal(400, `${url.pathname} takes no ?${unknown}=. GET ${ADMIN_PATH}/ says what it takes.`)
      const body = await readBody(request)
      const result = route({ parts, names, query: url.searchParams, body })
      if (request.method !== 'GET') parts.keep()
      if (result === undefined) send(response, 204)
      else send(response, request.method === 'POST' && url.pathname.endsWith('/users') ? 201 : 200, result)
    } catch (error) {
      if (!(error instanceof AdminRefusal || error instanceof Refusal)) throw error
      send(response, error.status, { error: error.message })
    }
  }

  return {
    token,
    inFrontOf: (next) => (request, response, context) => {
      const [path = ''] = (request.url ?? '').split('?', 1)
      if (path === '/health' && (request.method === 'GET' || request.method === 'HEAD'))
        return send(response, 200, { status: 'ok', domain: core.domain })
      if (path !== ADMIN_PATH && !path.startsWith(`${ADMIN_PATH}/`)) return next(request, response, context)
      answer(request, response, context.secure).catch((error: unknown) => {
        if (response.headersSent) return response.destroy()
        const reason = error instanceof Error ? error.message : String(error)
        send(response, 500, { error: `The admin API failed, which is a defect of tenantlab: ${reason}` })
      })
    },
  }
}

/** A page of another site may cause a request; a browser says so. A name that is not the tenant's may be a rebound one. */
function checkOrigin({ core }: AdminParts, { headers }: IncomingMessage, secure: boolean): void {
  const { host = '', origin } = headers
  if (core.hostOf(host) === undefined) throw new AdminRefusal(421, `This tenant does not answer to ${host}.`)
  const site = headers['sec-fetch-site']
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none'
  const own = `${secure ? 'https' : 'http'}://${host.toLowerCase()}`
  if (foreign || (origin !== undefined && origin !== own))
    throw new AdminRefusal(403, 'The admin API takes no requests of other sites.')
}

function checkToken({ headers }: IncomingMessage, token: string): void {
  const given = Buffer.from(/^bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '')
  const wanted = Buffer.from(token)
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return
  throw new AdminRefusal(401, 'The admin API asks for its token: send the header Authorization: Bearer TOKEN.')
}

interface Found {
  readonly route: AdminRoute
  readonly names: readonly string[]
  /** Names of the query parameters that the route reads. */
  readonly takes: readonly string[]
}

function routeOf(method: string, path: string): Found {
  const segments = path.split('/').map(decoded)
  const fitting = Object.keys(ROUTES).flatMap((key): { key: string; names: string[] }[] => {
    const pattern = (key.split(' ')[1] ?? '').split('/')
    // A table's name may itself have slashes (`/api/v2/log-streams`).
    const given =
      key === 'GET /state/*' && segments.length > 3
        ? ['', 'state', `/${segments.slice(2).filter(Boolean).join('/')}`]
        : segments
    if (pattern.length !== given.length) return []
    const names: string[] = []
    const fits = pattern.every((each, at) => {
      if (each === '*') names.push(given[at] ?? '')
      return each === '*' || each === given[at]
    })
    return fits ? [{ key, names }] : []
  })
  const exact = fitting
    .filter(({ key }) => key.startsWith(`${method} `))
    .sort((a, b) => a.names.length - b.names.length)[0]
  const [what, route] = (exact && ROUTES[exact.key]) ?? []
  // What a route says of itself names its parameters: `?kind=`.
  const takes = [...(what ?? '').matchAll(/\?(\w+)=/g)].map(([, name = '']) => name)
  if (exact && route) return { route, names: exact.names, takes }
  if (fitting.length > 0) throw new AdminRefusal(405, `${path} does not take ${method}. GET / lists what there is.`)
  throw new AdminRefusal(404, `There is no ${path} in the admin API. GET / lists what there is.`)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new AdminRefusal(400, `${segment} in the path is not valid percent-encoding.`)
  }
}

async function readBody(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MOST_BYTES) chunks.push(chunk)
  }
  if (size > MOST_BYTES) throw new AdminRefusal(413, `The body is larger than ${MOST_BYTES} bytes.`)
  const text = Buffer.concat(chunks).toString('utf8')
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isJsonObject(value)) return value
  } catch {
    // Falls through: what is not JSON is refused like JSON that is not an object.
  }
  throw new AdminRefusal(400, 'The body must be a JSON object.')
}

function send(response: ServerResponse, status: number, value?: Json): void {
  const body = value === undefined ? '' : JSON.stringify(value)
  response
    .writeHead(status, {
      ...(status === 204
        ? {}
        : { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) }),
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    .end(body)
}
