/** The page's style sheet: the system's own fonts and colours, light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8886; --good: #1f7a45; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --good: #6fd39a; --bad: #ff9a92 } }
* { box-sizing: border-box }
body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 1500px; padding: 0 20px 60px }
h1 { font-size: 1.4rem; margin: 16px 0 0 }
h2 { font-size: 1.1rem; margin: 0 0 8px }
header p { margin: 4px 0 8px }
nav ul { display: flex; flex-wrap: wrap; gap: 16px; list-style: none; margin: 0 0 12px; padding: 0 }
main { display: grid; gap: 14px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); align-items: stretch }
main > :not(section) { grid-column: 1 / -1; margin: 0 }
section { border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; min-width: 0 }
.part-requests { grid-column: 1 / -1 }
.region { max-height: 420px; overflow: auto }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: 3px 10px 3px 0; text-align: left; vertical-align: top }
ol, ul { margin: 0 0 8px; padding-left: 20px }
.messages { list-style: none; padding: 0 }
.message { border-bottom: 1px solid var(--line); padding: 6px 0 }
.message p { margin: 2px 0 }
.code { font-size: 1.3em; letter-spacing: .08em }
.link, pre, .text { overflow-wrap: anywhere; white-space: pre-wrap }
pre { margin: 4px 0 }
form { margin: 6px 0 }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px }
.inline { display: inline }
.grid { display: grid; grid-template-columns: max-content 1fr; gap: 6px 10px }
.grid button { grid-column: 2; justify-self: start }
.help { grid-column: 2; opacity: .8 }
button, input, select { font: inherit; padding: 4px 10px }
input { min-width: 0 }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px }
.good { color: var(--good) }
.bad { color: var(--bad); font-weight: 600 }
.clock { font-size: 1.3rem; margin: 0 0 4px; font-variant-numeric: tabular-nums }
.tables { columns: 2 180px }
.empty { opacity: .8; margin: 0 }
.away { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
#said { position: fixed; inset: auto 0 0 0; margin: 0; padding: 8px 20px; min-height: 1.5em; background: Canvas; border-top: 1px solid var(--line) }
#said:empty { border: 0; padding: 0; min-height: 0 }
#said.bad { color: var(--bad) }
`

/**
 * The page's script. It puts newly drawn parts in place, keeping keyboard focus and opened details, and sends forms
 * without leaving the page. Without it the page still works: forms lead back to it, and reloading brings it up to date.
 */
export const SCRIPT = `'use strict'
const said = document.getElementById('said')
const arrived = document.getElementById('arrived')
const live = document.getElementById('live')
const say = (text, good = true) => {
  if (!said) return
  said.className = good ? '' : 'bad'
  said.textContent = text
}
const put = ({ id, html, say: text }) => {
  const region = document.getElementById(id)
  if (!region) return
  const held = region.contains(document.activeElement) ? document.activeElement.id : undefined
  const open = [...region.querySelectorAll('details[open]')].map((each) => each.id)
  region.innerHTML = html
  for (const each of open) document.getElementById(each)?.setAttribute('open', '')
  if (held !== undefined) (document.getElementById(held) ?? document.getElementById(id + '-title'))?.focus()
  if (text && id === 'requests') arrived.textContent = text
  else if (text) say(text)
}
if (said) {
  const stream = new EventSource('/_sandbox/events')
  stream.addEventListener('region', (event) => put(JSON.parse(event.data)))
  stream.addEventListener('open', () => { live.textContent = 'Live.' })
  stream.addEventListener('error', () => {
    live.textContent = 'Not connected.'
    say('The sandbox does not answer. Start it again, then reload this page.', false)
  })
}
document.addEventListener('submit', async (event) => {
  const form = event.target
  // By attribute, as a field of the form may be called method.
  if (form.getAttribute('method') !== 'post') return
  event.preventDefault()
  try {
    const answer = await fetch(form.getAttribute('action'), {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(new FormData(form, event.submitter)),
    })
    const { message } = await answer.json()
    say(message, answer.ok)
    if (answer.ok && 'reset' in form.dataset) form.reset()
  } catch {
    say('The sandbox does not answer. Start it again, then reload this page.', false)
  }
})
`
