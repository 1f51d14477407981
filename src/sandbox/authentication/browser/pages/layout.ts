import { randomBytes } from 'node:crypto'
import { html, Markup, type Piece } from '../../../markup/index.ts'
import { type AuthenticationEndpoint, AuthenticationFailure, type AuthenticationReply } from '../../call.ts'
import { originOf } from '../callbacks.ts'
import type { Flow } from '../flow.ts'
import type { BrowserLogin } from '../state.ts'

/** What a page shows. */
export interface PageContent {
  readonly title: string
  readonly body: Piece
  readonly status?: number
  /** Origin that a form of the page may lead to in the end: browsers count redirects as part of a form. */
  readonly leadsTo?: string
  /** Seconds after which the page asks again whether somebody has answered elsewhere. */
  readonly refresh?: number
}

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --accent: #2f5ee0; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --accent: #8fb0ff; --bad: #ff9a92 } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px }
main { width: min(100%, 400px); border: 1px solid var(--line); border-radius: 12px; padding: 28px }
h1 { font-size: 1.35rem; margin: 0 0 4px }
p { margin: 0 0 14px; overflow-wrap: anywhere }
form { margin: 0 0 12px; display: grid; gap: 6px }
label { font-weight: 600 }
input, button, select { font: inherit; padding: 9px 12px; border-radius: 8px; border: 1px solid var(--line); width: 100% }
button { cursor: pointer; margin-top: 8px }
button.main { background: var(--accent); color: Canvas; border-color: var(--accent); font-weight: 600 }
.bad { color: var(--bad); font-weight: 600 }
code { font-size: 1.05em; overflow-wrap: anywhere }
ul { padding-left: 20px; margin: 0 0 14px }
hr { border: 0; border-top: 1px solid var(--line); margin: 18px 0 }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px }
`

/** A page of the tenant, as it goes to a browser. */
export function page({ body, leadsTo, refresh, status = 200, title }: PageContent): AuthenticationReply {
  const nonce = randomBytes(16).toString('base64')
  const target = leadsTo === undefined || leadsTo === '' ? '' : ` ${leadsTo}`
  const again = refresh === undefined ? undefined : html`<meta http-equiv="refresh" content="${refresh}">`
  const value = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${again}
<title>${title}</title><link rel="icon" href="data:,"><style nonce="${nonce}">${new Markup(STYLE)}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>
`.text
  return {
    status,
    text: { type: 'text/html; charset=utf-8', value },
    headers: {
      'Content-Security-Policy': `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'self'${target}; frame-ancestors 'none'; base-uri 'none'`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    },
  }
}

/** A page that says one thing. */
export function messagePage(status: number, title: string, text: string): AuthenticationReply {
  return page({ status, title, body: html`<p role="${status < 400 ? 'status' : 'alert'}">${text}</p>` })
}

/** A page of a login; its forms may end at the application. */
export function loginPage(flow: Flow, content: Omit<PageContent, 'leadsTo'>): AuthenticationReply {
  const leadsTo = flow.address === undefined ? undefined : originOf(flow.address.redirectUri)
  return page({ ...content, ...(leadsTo === undefined ? {} : { leadsTo }) })
}

/** A form of a login. Its hidden fields tie it to the login and to the browser. */
export function form(login: BrowserLogin, action: string, ...content: readonly Piece[]): Markup {
  return html`<form method="post" action="/u/${action}"><input type="hidden" name="state" value="${login.id}">
<input type="hidden" name="csrf_token" value="${login.csrf}">${content}</form>`
}

/** What went wrong with the form before, for the eye and for screen readers. */
export function problem(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : html`<p class="bad" role="alert">${text}</p>`
}

/** Who asks: the tenant's name and the application's. */
export function introduction({ call, client }: Flow): Markup {
  const name = call.core.tables.documents.get('tenant')?.friendly_name ?? call.core.domain
  return html`<p>${String(name)}, to continue to ${String(client.name ?? client.client_id)}.</p>`
}

/** An endpoint whose failures are pages, since a person looks at them. */
export function asPage(endpoint: AuthenticationEndpoint): AuthenticationEndpoint {
  return async (call) => {
    try {
      return await endpoint(call)
    } catch (error) {
      if (!(error instanceof AuthenticationFailure)) throw error
      return messagePage(error.status, 'That did not work', error.message)
    }
  }
}
