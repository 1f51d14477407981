import type { JsonObject } from '../../../plan/index.ts'
import { html, type Markup } from '../../markup/index.ts'
import type { View } from '../parts.ts'
import { clockText, counted } from '../words.ts'

const MOST = 50

/** Log events of the tenant, newest first, with Auth0's type codes. */
export function logs({ core }: View): Markup {
  const all = [...core.tables.logs.values()]
  if (all.length === 0) return html`<p class="empty">Nothing was logged yet. Logins and changes appear here.</p>`
  const hidden = all.length - MOST
  return html`<table><caption class="away">Log events, newest first</caption><thead><tr><th scope="col">Time</th>
<th scope="col">Type</th><th scope="col">What</th><th scope="col">Who</th></tr></thead><tbody>${all.slice(-MOST).reverse().map(line)}</tbody></table>
${hidden > 0 ? html`<p>${counted(hidden, 'older event')} not drawn.</p>` : undefined}`
}

function line({ client_name, date, description, type, user_id, user_name }: JsonObject): Markup {
  const who = [user_name ?? user_id, client_name].filter((each) => each !== undefined).map(String)
  return html`<tr><td><time>${clockText(Date.parse(String(date)))}</time></td><td><code>${String(type)}</code></td>
<td>${String(description ?? '')}</td><td>${who.join(', ')}</td></tr>`
}
