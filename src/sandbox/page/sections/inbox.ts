import type { OutboxMessage } from '../../contract.ts'
import { html, type Markup } from '../../markup/index.ts'
import type { View } from '../parts.ts'
import { counted, timeText } from '../words.ts'

const MOST = 50

/** How a kind of message is called. */
export const KINDS: Readonly<Record<OutboxMessage['kind'], string>> = {
  sms: 'SMS',
  voice: 'Voice call',
  email: 'E-mail',
  push: 'Push',
}

/** Messages that the tenant sent, newest first, with the buttons that answer a push. */
export function inbox(view: View): Markup {
  const { outbox } = view
  if (outbox.length === 0)
    return html`<p class="empty">No message yet. Codes, links and push questions arrive here.</p>`
  const newest = outbox.slice(-MOST).reverse()
  const hidden = outbox.length - newest.length
  const rest = hidden === 0 ? undefined : html`<p>${counted(hidden, 'older message')} not drawn.</p>`
  return html`<ol class="messages" reversed>${newest.map((message) => item(message, view))}</ol>${rest}`
}

function item(message: OutboxMessage, view: View): Markup {
  const { at, code, customDomain, id, kind, subject, text, to, url } = message
  return html`<li id="${id}" class="message">
<p class="head"><strong>${KINDS[kind]}</strong> to <span>${to}</span> <time>${timeText(at)}</time></p>
${subject === undefined ? undefined : html`<p><strong>${subject}</strong></p>`}
<p class="text">${text}</p>
${code === undefined ? undefined : html`<p>Code <code class="code">${code}</code></p>`}
${url === undefined ? undefined : html`<p>Link ${link(url)}</p>`}
${customDomain === undefined ? undefined : html`<p>Custom domain <code>${customDomain}</code></p>`}
${answer(message, view)}</li>`
}

/** A tenant may write anything into a template's link; only web addresses become one. */
function link(url: string): Markup {
  if (!/^https?:\/\//i.test(url)) return html`<code>${url}</code>`
  return html`<code class="link">${url}</code>`
}

function answer(message: OutboxMessage, { token }: View): Markup | undefined {
  const { answered, approve, id, reject, to } = message
  if (answered !== undefined) return html`<p class="answered">Answered: ${answered}.</p>`
  if (approve === undefined || reject === undefined) return undefined
  return html`<form method="post" action="/_sandbox/answer" class="row">
<input type="hidden" name="token" value="${token}"><input type="hidden" name="message" value="${id}">
<button id="approve-${id}" name="how" value="approve" aria-label="Approve the push to ${to}">Approve</button>
<button id="reject-${id}" name="how" value="reject" aria-label="Reject the push to ${to}">Reject</button></form>`
}
