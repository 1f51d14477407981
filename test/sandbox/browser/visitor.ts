import { createHash, randomBytes } from 'node:crypto'
import { fetch } from 'undici'
import type { Sandbox } from '../../../src/sandbox/index.ts'

/** What a visitor sees: a page of the tenant, or where it was sent. */
export interface Seen {
  readonly status: number
  /** Address of the page, or the address outside the tenant that the visitor was sent to. */
  readonly url: URL
  readonly headers: Headers
  readonly html: string
}

export const CALLBACK = 'https://app.example.com/callback'

/** A browser without scripts: keeps cookies, follows redirects within the tenant, fills in forms. */
export class Visitor {
  readonly #tenant: Sandbox
  readonly #origin: string
  readonly #cookies = new Map<string, string>()

  constructor(tenant: Sandbox, origin = `https://${tenant.domain}`) {
    this.#tenant = tenant
    this.#origin = origin
  }

  /** The cookies as a header. */
  get cookies(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async go(
    address: string,
    form?: Readonly<Record<string, string>>,
    headers: Record<string, string> = {},
  ): Promise<Seen> {
    let url = new URL(address, this.#origin)
    let body = form === undefined ? undefined : new URLSearchParams(form).toString()
    for (let hop = 0; hop < 12; hop += 1) {
      const answer = await fetch(url, {
        method: body === undefined ? 'GET' : 'POST',
        redirect: 'manual',
        dispatcher: this.#tenant.options.dispatcher as never,
        headers: {
          accept: 'text/html',
          ...(this.cookies === '' ? {} : { cookie: this.cookies }),
          ...(body === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                origin: this.#origin,
                'sec-fetch-site': 'same-origin',
              }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
      })
      for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie)
      const html = await answer.text()
      const location = answer.headers.get('location')
      if (location === null) return { status: answer.status, url, headers: answer.headers as never, html }
      url = new URL(location, url)
      body = undefined
      if (url.origin !== this.#origin) return { status: answer.status, url, headers: answer.headers as never, html }
    }
    throw new Error('The tenant sends its visitor in circles.')
  }

  #keep(cookie: string): void {
    const [pair = ''] = cookie.split(';')
    const at = pair.indexOf('=')
    if (/max-age=0/i.test(cookie)) this.#cookies.delete(pair.slice(0, at))
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }

  /** Sends the form of a page whose content fits, with its hidden fields and those given. */
  async submit(page: Seen, fields: Readonly<Record<string, string>> = {}, which: string | RegExp = ''): Promise<Seen> {
    const forms = [...page.html.matchAll(/<form[^>]*>.*?<\/form>/gs)].map(([text]) => text)
    const form = forms.find((text) => (typeof which === 'string' ? text.includes(which) : which.test(text)))
    if (form === undefined) throw new Error(`No form of the page fits ${which}: ${page.html}`)
    const action = unescaped(/action="([^"]*)"/.exec(form)?.[1] ?? '') || page.url.href
    return this.go(new URL(action, page.url).href, { ...hiddenFields(form), ...fields })
  }
}

/** The hidden fields of a form. */
export function hiddenFields(form: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [input] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1] ?? ''
    found[name] = unescaped(/value="([^"]*)"/.exec(input)?.[1] ?? '')
  }
  return found
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** A PKCE pair. */
export function pkce() {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** An authorization request of the main application. */
export function authorizeUrl(tenant: Sandbox, more: Readonly<Record<string, string>> = {}): string {
  const query = {
    client_id: tenant.options.clientId,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid profile email',
    state: 's1',
    ...more,
  }
  return `/authorize?${new URLSearchParams(query)}`
}

/** Signs a seeded user in on the login page; the page or address that follows. */
export async function signIn(
  visitor: Visitor,
  tenant: Sandbox,
  index: number,
  more: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  const page = await visitor.go(authorizeUrl(tenant, more))
  const { email: username = '', password = '' } = tenant.seed.users[index] ?? {}
  return visitor.submit(page, { username, password }, 'name="password"')
}
