import { randomBytes } from 'node:crypto'
import { html, Markup } from '../../markup/index.ts'
import type { AuthenticationReply } from '../call.ts'
import { originOf } from './callbacks.ts'
import type { ReturnAddress } from './request.ts'

/** What an application is told at its return address. */
export type Response = Readonly<Record<string, string>>

/** Sends the answer of an authorization request the way that was asked for. */
export function respond({ mode, redirectUri, state }: ReturnAddress, response: Response): AuthenticationReply {
  const values = { ...response, ...(state === undefined ? {} : { state }) }
  switch (mode) {
    case 'form_post':
      return formPost(redirectUri, values)
    case 'web_message':
      return webMessage(redirectUri, values)
    default:
      return redirect(redirectUri, values, mode)
  }
}

function redirect(redirectUri: string, values: Response, mode: 'query' | 'fragment'): AuthenticationReply {
  const url = new URL(redirectUri)
  if (mode === 'fragment') url.hash = new URLSearchParams(values).toString()
  else for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
  return { status: 302, headers: { Location: url.toString(), 'Cache-Control': 'no-store' } }
}

function formPost(redirectUri: string, values: Response): AuthenticationReply {
  const fields = Object.entries(values).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const body = html`<form method="post" action="${redirectUri}">${fields}<noscript><p>Continue to the application.</p><button>Continue</button></noscript></form>`
  return scripted('Signing in', body, 'document.forms[0].submit()', `form-action ${formTarget(redirectUri)}`)
}

function formTarget(redirectUri: string): string {
  return originOf(redirectUri)
}

/** Tells the window that opened this one, or that holds it, and nobody else. */
function webMessage(redirectUri: string, response: Response): AuthenticationReply {
  const message = { type: 'authorization_response', response }
  const script = `(() => {
const target = window.opener ?? (window.parent === window ? undefined : window.parent)
target?.postMessage(${inScript(message)}, ${inScript(originOf(redirectUri))})
})()`
  return scripted('Signed in', html`<p>You can close this window.</p>`, script, "form-action 'none'")
}

/** A value as it can stand in a script of a page: nothing in it ends the script. */
function inScript(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
}

function scripted(title: string, body: Markup, script: string, policy: string): AuthenticationReply {
  const nonce = randomBytes(16).toString('base64')
  const value = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body>${body}<script nonce="${nonce}">${new Markup(script)}</script></body></html>
`.text
  return {
    status: 200,
    text: { type: 'text/html; charset=utf-8', value },
    headers: {
      'Content-Security-Policy': `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; ${policy}`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  }
}
