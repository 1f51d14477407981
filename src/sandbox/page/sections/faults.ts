import { html, type Markup } from '../../markup/index.ts'
import type { SandboxFaultEntry, SandboxFaultKind } from '../../types.ts'
import type { View } from '../parts.ts'

/** What each kind of fault does, in the words of the page. */
export const FAULTS: Readonly<Record<SandboxFaultKind, string>> = {
  status: 'answer with a status',
  '429': 'rate limit (429)',
  reset: 'reset the connection',
  fin: 'close the connection',
  truncate: 'cut the answer in half',
  slow: 'answer late',
  drip: 'answer in drops',
  garbage: 'answer that is no HTTP',
  'bad-json': 'answer that is no JSON',
  html: 'answer with an HTML page',
}

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** The faults in place. */
export function faults(view: View): Markup {
  const { list } = view.faults
  if (list.length === 0) return html`<p class="empty">No fault is in place.</p>`
  return html`<ul>${list.map((fault) => item(fault, view))}</ul>
<form method="post" action="/_sandbox/faults/clear"><input type="hidden" name="token" value="${view.token}">
<button id="faults-clear">Take all away</button></form>`
}

function item(fault: SandboxFaultEntry, { removable, token }: View): Markup {
  const { hits, id, kind, match = {}, times } = fault
  const which = [match.method, match.path, match.operation].filter((part) => part !== undefined).join(' ')
  const what = `${FAULTS[kind]}${kind === 'status' ? ` ${fault.status ?? 503}` : ''}`
  const played = times === undefined ? `played ${hits} times` : `played ${hits} of ${times} times`
  const form = html`<form method="post" action="/_sandbox/faults/remove" class="inline">
<input type="hidden" name="token" value="${token}"><input type="hidden" name="fault" value="${id}">
<button id="remove-${id}" aria-label="Take away: ${what}">Take away</button></form>`
  return html`<li>${what}, ${which === '' ? 'on every request' : `on ${which}`}; ${played} ${removable.has(id) ? form : undefined}</li>`
}

/** The form that puts a fault in place. */
export function faultForm({ token }: View): Markup {
  const kinds = Object.entries(FAULTS).map(([kind, label]) => html`<option value="${kind}">${label}</option>`)
  const methods = METHODS.map((method) => html`<option>${method}</option>`)
  return html`<form method="post" action="/_sandbox/faults" class="grid" data-reset><input type="hidden" name="token" value="${token}">
<label for="fault-kind">Fault</label><select id="fault-kind" name="kind">${kinds}</select>
<label for="fault-method">Method</label><select id="fault-method" name="method"><option value="">any</option>${methods}</select>
<label for="fault-path">Path</label><input id="fault-path" name="path" placeholder="/api/v2/users*" aria-describedby="fault-path-help">
<span id="fault-path-help" class="help">Every path when left empty; a star at the end fits all that begin so.</span>
<label for="fault-times">Times</label><input id="fault-times" name="times" type="number" min="1" max="1000000" placeholder="always">
<label for="fault-status">Status</label><input id="fault-status" name="status" type="number" min="200" max="599" placeholder="503">
<button>Put in place</button></form>`
}
