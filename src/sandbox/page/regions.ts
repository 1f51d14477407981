import type { Markup } from '../markup/index.ts'
import type { View } from './parts.ts'
import { clock, clockForm, events, faultForm, faults, gauges, inbox, logs, requests, state } from './sections/index.ts'

/** A part of the page that changes by itself. */
export interface Region {
  readonly id: string
  readonly title: string
  readonly draw: (view: View) => Markup
  /** What stays as it is: forms, so that nobody loses what they type. */
  readonly form?: (view: View) => Markup
}

/** The parts of the page, in the order of reading and of the keyboard. */
export const REGIONS: readonly Region[] = [
  { id: 'inbox', title: 'Inbox', draw: inbox },
  { id: 'clock', title: 'Clock', draw: clock, form: clockForm },
  { id: 'requests', title: 'Requests', draw: requests },
  { id: 'faults', title: 'Faults', draw: faults, form: faultForm },
  { id: 'gauges', title: 'Limits and quotas', draw: gauges },
  { id: 'logs', title: 'Logs', draw: logs },
  { id: 'events', title: 'Events', draw: events },
  { id: 'state', title: 'State', draw: state },
]
