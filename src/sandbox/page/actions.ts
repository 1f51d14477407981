import type { SandboxFault, SandboxFaultKind } from '../types.ts'
import type { PageParts } from './parts.ts'
import { FAULTS, KINDS, METHODS } from './sections/index.ts'
import { timeText } from './words.ts'

/** Something a person asked for that cannot be done; its message is shown. */
export class Impossible extends Error {}

/** What an action works on. */
export interface ActionParts extends PageParts {
  readonly removable: Map<string, () => void>
}

/** Carries out what a form asks for, and answers a sentence that says what was done. */
export type Action = (fields: URLSearchParams, parts: ActionParts) => string

const MINUTE = 60_000
const LONGEST = 525_600

/** The actions of the page's forms, by path below `/_sandbox/`. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  answer(fields, { outbox }) {
    const id = fields.get('message')
    const how = fields.get('how')
    const message = outbox.find((each) => each.id === id)
    if (message === undefined) throw new Impossible('This message is no longer in the inbox. Start the login again.')
    const act = how === 'approve' ? message.approve : how === 'reject' ? message.reject : undefined
    if (act === undefined) throw new Impossible('This message takes no such answer. Use the buttons of the message.')
    try {
      act()
    } catch (error) {
      throw new Impossible(error instanceof Error ? error.message : String(error))
    }
    return `${KINDS[message.kind]} to ${message.to} ${how === 'approve' ? 'approved' : 'rejected'}.`
  },

  clock(fields, { core }) {
    const minutes = Number(fields.get('minutes'))
    if (!(minutes > 0 && minutes <= LONGEST)) {
      throw new Impossible(`The clock moves forward by more than 0 and at most ${LONGEST} minutes. Correct the number.`)
    }
    core.clock.advance(minutes * MINUTE)
    return `It is now ${timeText(core.clock.now())} UTC in the tenant.`
  },

  faults(fields, { faults, removable }) {
    const fault = faultOf(fields)
    const remove = faults.add(fault)
    const id = faults.list.at(-1)?.id
    if (id !== undefined) removable.set(id, remove)
    return `The fault is in place: ${FAULTS[fault.kind]}.`
  },

  'faults/remove'(fields, { removable }) {
    const id = fields.get('fault') ?? ''
    const remove = removable.get(id)
    if (remove === undefined)
      throw new Impossible('This fault is no longer in place. Reload the page to see those that are.')
    remove()
    removable.delete(id)
    return 'The fault was taken away.'
  },

  'faults/clear'(_fields, { faults, removable }) {
    faults.clear()
    removable.clear()
    return 'All faults were taken away.'
  },
}

function faultOf(fields: URLSearchParams): SandboxFault {
  const kind = fields.get('kind') ?? ''
  if (!(kind in FAULTS)) throw new Impossible(`A fault is one of ${Object.keys(FAULTS).join(', ')}. Choose one.`)
  const method = fields.get('method') ?? ''
  if (method !== '' && !(METHODS as readonly string[]).includes(method)) {
    throw new Impossible(`A method is one of ${METHODS.join(', ')}. Choose one, or "any".`)
  }
  const path = (fields.get('path') ?? '').trim()
  if (path !== '' && !path.startsWith('/')) {
    throw new Impossible(
      'A path begins with a slash, such as /api/v2/users*. Correct it, or leave it empty for every path.',
    )
  }
  const times = wholeNumber(fields, 'times', 1, 1_000_000)
  const status = wholeNumber(fields, 'status', 200, 599)
  const match = { ...(method === '' ? {} : { method }), ...(path === '' ? {} : { path }) }
  return {
    kind: kind as SandboxFaultKind,
    match,
    ...(times === undefined ? {} : { times }),
    ...(status === undefined ? {} : { status }),
  }
}

function wholeNumber(fields: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = (fields.get(name) ?? '').trim()
  if (text === '') return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new Impossible(`"${name}" must be a whole number from ${least} to ${most}. Correct it, or leave it empty.`)
}
