import { html, type Markup } from '../../markup/index.ts'
import type { View } from '../parts.ts'
import { timeText } from '../words.ts'

const STEPS = [
  ['1', '1 minute'],
  ['5', '5 minutes'],
  ['60', '1 hour'],
  ['1440', '1 day'],
] as const

/** The tenant's time. */
export function clock({ core }: View): Markup {
  return html`<p class="clock"><time>${timeText(core.clock.now())}</time> UTC</p>`
}

/** The buttons that move it forward. */
export function clockForm({ token }: View): Markup {
  const steps = STEPS.map(
    ([minutes, label]) => html`<button name="minutes" value="${minutes}">Forward ${label}</button>`,
  )
  return html`<form method="post" action="/_sandbox/clock" class="row"><input type="hidden" name="token" value="${token}">${steps}</form>
<form method="post" action="/_sandbox/clock" class="row"><input type="hidden" name="token" value="${token}">
<label for="minutes">Minutes</label><input id="minutes" name="minutes" type="number" min="1" max="525600" step="any" required>
<button>Forward</button></form>`
}
