import { html, type Markup } from '../markup/index.ts'
import type { View } from './parts.ts'
import { REGIONS } from './regions.ts'

/** The front page. */
export function frontPage(view: View): Markup {
  const jumps = REGIONS.map(({ id, title }) => html`<li><a href="#${id}-title">${title}</a></li>`)
  const sections = REGIONS.map(
    ({ draw, form, id, title }) => html`<section aria-labelledby="${id}-title" class="part-${id}">
<h2 id="${id}-title" tabindex="-1">${title}</h2><div id="${id}" class="region">${draw(view)}</div>${form?.(view)}</section>`,
  )
  const body = html`<nav aria-label="Parts of the page"><ul>${jumps}</ul></nav><main>${sections}</main>
<p id="arrived" class="away" aria-live="polite"></p><p id="said" role="status" aria-live="polite"></p>`
  return layout(view, 'Sandbox', body)
}

/** A page of its own beside the front page. */
export function plainPage(view: View, title: string, content: Markup): Markup {
  return layout(
    view,
    title,
    html`<nav aria-label="Way back"><a href="/">Back to the sandbox</a></nav><main>${content}</main>`,
  )
}

function layout({ clientId, core, token }: View, title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="sandbox-token" content="${token}"><title>${title} · ${core.domain}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/_sandbox/page.css"><script src="/_sandbox/page.js" defer></script></head>
<body><header><h1>${core.domain}</h1><p>A sandbox of tenantlab: nothing here leaves this machine. Application <code>${clientId}</code>.
<span id="live" class="away"></span></p></header>${body}</body></html>
`
}
