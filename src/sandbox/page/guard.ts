import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Why a request to the page is refused: a status and a whole sentence. */
export interface PageRefusal {
  readonly status: 403 | 415
  readonly message: string
}

/** What a request came in on. */
export interface Approach {
  readonly secure: boolean
  readonly path: string
}

/**
 * Refuses what another site may have caused: a foreign origin, or a fetch that the browser marks as not of this page. A
 * person who follows a link to the front page is let in, since a navigation shows nothing to the site it came from.
 */
export function refuseForeign(request: IncomingMessage, { path, secure }: Approach): PageRefusal | undefined {
  const { headers, method = 'GET' } = request
  const own = `${secure ? 'https' : 'http'}://${headers.host?.toLowerCase()}`
  const { origin } = headers
  if (origin !== undefined && origin !== own) return foreign(origin)
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined
  const visit = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return visit && method === 'GET' && path === '/' ? undefined : foreign('another site')
}

function foreign(origin: string): PageRefusal {
  const message = `The sandbox's page answers itself only, and this request comes from ${origin}. Open the page's own address.`
  return { status: 403, message }
}

/** Refuses a post without this page's origin and token. */
export function refusePost(request: IncomingMessage, fields: URLSearchParams, token: string): PageRefusal | undefined {
  const { headers } = request
  if (headers.origin === undefined) {
    return { status: 403, message: "A post to the sandbox's page must name its origin. Use the buttons of the page." }
  }
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return { status: 415, message: "The sandbox's page takes forms only. Use the buttons of the page." }
  }
  if (!same(fields.get('token') ?? '', token)) {
    const message = 'This page belongs to a sandbox that has ended, or to none. Reload it, then do it again.'
    return { status: 403, message }
  }
  return undefined
}

function same(given: string, token: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(token)]
  return left.length === right.length && timingSafeEqual(left, right)
}
