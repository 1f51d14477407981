import { isJsonObject, type JsonObject } from '../../../plan/index.ts'
import { collection } from '../../contract.ts'
import { html, type Markup } from '../../markup/index.ts'
import type { View } from '../parts.ts'
import { clockText, counted } from '../words.ts'

const MOST = 50
const STREAMS = '/api/v2/event-streams'

/** Events of the tenant, newest first, and how their streams were delivered. */
export function events({ core }: View): Markup {
  const all = [...collection(core.tables, 'sandbox/events').values()]
  const streams = [...collection(core.tables, STREAMS).values()].map(({ id, name }) => {
    const deliveries = [...collection(core.tables, `${STREAMS}/${String(id)}/deliveries`).values()]
    const failed = deliveries.filter((each) => each.status === 'failed').length
    return html`<li>${String(name ?? id)}: ${counted(deliveries.length - failed, 'event')} delivered, ${failed} failed</li>`
  })
  const list = streams.length === 0 ? undefined : html`<ul>${streams}</ul>`
  if (all.length === 0)
    return html`${list}<p class="empty">No event yet. Changes of users and organizations appear here.</p>`
  return html`${list}<table><caption class="away">Events, newest first</caption><thead><tr><th scope="col">Time</th>
<th scope="col">Event</th><th scope="col">About</th></tr></thead><tbody>${all.slice(-MOST).reverse().map(line)}</tbody></table>`
}

function line({ event, type }: JsonObject): Markup {
  const { data, time } = isJsonObject(event) ? event : {}
  const object = isJsonObject(data) && isJsonObject(data.object) ? data.object : {}
  const { id, organization, user, user_id } = object
  const about = [
    user_id,
    id,
    isJsonObject(user) ? user.user_id : undefined,
    isJsonObject(organization) ? organization.id : undefined,
  ]
  return html`<tr><td><time>${clockText(Date.parse(String(time)))}</time></td><td><code>${String(type)}</code></td>
<td>${about
    .filter((each) => each !== undefined)
    .map(String)
    .join(', ')}</td></tr>`
}
