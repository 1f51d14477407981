import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Serve } from '../http/index.ts'
import { html } from '../markup/index.ts'
import { ACTIONS, Impossible } from './actions.ts'
import { SCRIPT, STYLE } from './assets.ts'
import { frontPage, plainPage } from './document.ts'
import { type PageRefusal, refuseForeign, refusePost } from './guard.ts'
import { createLive } from './live.ts'
import type { PageParts, View } from './parts.ts'
import { stateDetail } from './sections/index.ts'

/** The page of one sandbox. */
export interface Page {
  /** Serves the page on loopback hosts, at `/` and below `/_sandbox/`; everything else goes to the tenant. */
  inFrontOf(tenant: Serve): Serve
  close(): void
}

const OWN = '/_sandbox/'
const MOST_BYTES = 16_384
const HTML = 'text/html; charset=utf-8'
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
}

/** Makes the page of a sandbox. It keeps nothing running until somebody opens it. */
export function createPage(parts: PageParts): Page {
  const removable = new Map<string, () => void>()
  const view: View = { ...parts, removable, token: randomBytes(24).toString('base64url') }
  const live = createLive(view)
  const { core } = parts

  async function answer(request: IncomingMessage, response: ServerResponse, secure: boolean): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://loopback')
    const refusal = refuseForeign(request, { path, secure })
    if (refusal !== undefined) return refuse(request, response, refusal)
    if (request.method === 'POST') return post(request, response, path.slice(OWN.length))
    if (request.method !== 'GET' && request.method !== 'HEAD') return nothing(response, 405)
    switch (path) {
      case '/':
        return write(response, 200, HTML, frontPage(view).text)
      case `${OWN}page.css`:
        return write(response, 200, 'text/css; charset=utf-8', STYLE)
      case `${OWN}page.js`:
        return write(response, 200, 'text/javascript; charset=utf-8', SCRIPT)
      case `${OWN}events`:
        response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' })
        return live.watch(response)
      case `${OWN}state`: {
        const detail = stateDetail(view, query.get('table') ?? '', query.get('id'))
        if (detail === undefined) return nothing(response, 404)
        return write(response, 200, HTML, plainPage(view, 'State', detail).text)
      }
      default:
        return nothing(response, 404)
    }
  }

  async function post(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const fields = await readForm(request)
    if (fields === undefined) return nothing(response, 413)
    const refusal = refusePost(request, fields, view.token)
    if (refusal !== undefined) return refuse(request, response, refusal)
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
    if (action === undefined) return nothing(response, 404)
    try {
      const message = action(fields, { ...parts, removable })
      if (wantsJson(request)) return write(response, 200, 'application/json', JSON.stringify({ message }))
      response.writeHead(303, { ...HEADERS, location: '/' }).end()
    } catch (error) {
      if (!(error instanceof Impossible)) throw error
      refuse(request, response, { status: 422, message: error.message })
    }
  }

  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    { message, status }: Omit<PageRefusal, 'status'> & { readonly status: number },
  ): void {
    if (wantsJson(request)) return write(response, status, 'application/json', JSON.stringify({ message }))
    // No token on a page that a stranger may have asked for.
    const content = html`<p role="alert">${message}</p>`
    write(response, status, HTML, plainPage({ ...view, token: '' }, 'Refused', content).text)
  }

  function nothing(response: ServerResponse, status: number): void {
    const content = html`<p role="alert">There is nothing here. Go back to the front page.</p>`
    write(response, status, HTML, plainPage({ ...view, token: '' }, 'Nothing here', content).text)
  }

  return {
    inFrontOf: (tenant) => (request, response, context) => {
      const [path = ''] = (request.url ?? '').split('?', 1)
      const mine = path.startsWith(OWN) || (path === '/' && (request.method === 'GET' || request.method === 'HEAD'))
      if (!mine || core.hostOf(request.headers.host ?? '')?.kind !== 'loopback') {
        return tenant(request, response, context)
      }
      answer(request, response, context.secure).catch((error: unknown) => {
        if (response.headersSent) return response.destroy()
        const reason = error instanceof Error ? error.message : String(error)
        write(response, 500, 'text/plain; charset=utf-8', `The sandbox's page failed, which is a defect: ${reason}`)
      })
    },
    close: () => live.close(),
  }
}

function write(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text)
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': String(body.length) }).end(body)
}

function wantsJson({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('application/json') === true
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MOST_BYTES) chunks.push(chunk)
  }
  return size > MOST_BYTES ? undefined : new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
