import { row } from '../../../catalogue/index.ts'
import { isJsonObject } from '../../../plan/index.ts'
import { html, type Markup } from '../../markup/index.ts'
import type { SandboxRequest } from '../../types.ts'
import type { View } from '../parts.ts'
import { clockText, counted } from '../words.ts'

const MOST = 100
const HEADS = ['Time', 'Method', 'Path', 'Status', 'Operation', 'Scopes', 'Custom domain', 'Fault']
const VERDICTS = {
  used: 'used',
  ignored: 'ignored: the operation takes none',
  refused: 'refused: no verified domain of the tenant',
}

/** Requests as they came in, newest first. */
export function requests(view: View): Markup {
  const { requests: all } = view
  if (all.length === 0)
    return html`<p class="empty">No request yet. Connect a client; requests appear as they arrive.</p>`
  const newest = all.slice(-MOST).reverse()
  const hidden = all.length - newest.length
  return html`<table><caption class="away">Requests, newest first</caption>
<thead><tr>${HEADS.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${newest.map(line)}</tbody></table>
${hidden === 0 ? undefined : html`<p>${counted(hidden, 'older request')} not drawn.</p>`}`
}

function line(request: SandboxRequest): Markup {
  const { at, customDomain, fault, method, operation, status } = request
  const verdict = customDomain && html`<code>${customDomain.domain}</code> ${VERDICTS[customDomain.verdict]}`
  return html`<tr><td><time>${clockText(at)}</time></td><td>${method}</td><td>${details(request)}</td>
<td class="${tone(status)}">${status === 0 ? 'cut' : status}</td><td>${operation}</td>
<td>${scopesOf(request)}</td><td>${verdict}</td><td>${fault}</td></tr>`
}

function details(request: SandboxRequest): Markup {
  const { body, headers, path, query } = request
  const id = `request-${numberOf(request)}`
  const shown = JSON.stringify({ query, headers, ...(body === undefined ? {} : { body }) }, undefined, 2)
  return html`<details id="${id}"><summary id="${id}-path"><code>${path}</code></summary><pre>${shown}</pre></details>`
}

function tone(status: number): string {
  return status >= 200 && status < 400 ? 'good' : 'bad'
}

/** The scopes that allow an operation; for a login, those that it asks for. */
function scopesOf({ body, operation }: SandboxRequest): string {
  const known = operation === undefined ? undefined : row(operation)
  if (known !== undefined && known.scopes.length > 0) return known.scopes.join(known.allScopes ? ' and ' : ' or ')
  return isJsonObject(body) && typeof body.scope === 'string' ? `asks for ${body.scope}` : ''
}

const numbers = new WeakMap<SandboxRequest, number>()
let count = 0

/** A number that stays with a request, so that its details stay open while others arrive. */
function numberOf(request: SandboxRequest): number {
  const known = numbers.get(request)
  if (known !== undefined) return known
  count += 1
  numbers.set(request, count)
  return count
}
