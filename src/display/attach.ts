import type { OperationRow } from '../catalogue/index.ts'
import type { Diff, Explanation, FlowExplanation, Outcome, PlanData, PlanEvent } from '../plan/index.ts'
import {
  type Around,
  aroundIn,
  HIDDEN,
  isSecretMember,
  isSecretName,
  isSecretSlot,
  makeStamp,
  NOWHERE,
  PLAIN,
  processSecrets,
  type SecretPlace,
  secretPlaceOf,
  stepTo,
} from '../plan/index.ts'
import type { InspectStyle, Look } from './look.ts'
import { INSPECT, isOutermost, JUPYTER, textOptions } from './look.ts'
import {
  type LimitsView,
  safeChanges,
  showDiff,
  showEvent,
  showEvents,
  showExplanation,
  showFlow,
  showLimits,
  showOutcome,
  showResult,
} from './looks/index.ts'
import { noteNothing } from './nothing.ts'
import type { SecretPlaces } from './secrets.ts'
import { differencePlaces, placesBelow, placesWithin, secretPlaces, withoutSecrets } from './secrets.ts'

/** What a value is: it decides how it looks. */
export type LookKind =
  | 'result'
  | 'explanation'
  | 'flow-explanation'
  | 'diff'
  | 'outcome'
  | 'limits'
  | 'event'
  | 'events'

/** What is known of a value that gets a look. */
export interface LookContext {
  /** `result`, what the server sent, when left out. */
  readonly kind?: LookKind
  readonly row?: OperationRow
  readonly plan?: PlanData
}

interface Attached {
  readonly context: LookContext
  /** Keys that lead from the root to the container; empty for the root. */
  readonly at: readonly string[]
  /** The container as safe data, where redaction by place and name does not do. */
  readonly safe?: () => unknown
}

// Deeper than any answer of Auth0; a hostile one must not exhaust the stack.
const DEEPEST = 100

const attached = makeStamp<Attached>()

/**
 * Gives a result its look and answers the same value. The value stays plain data: comparison, JSON, cloning and
 * spreading meet nothing new, and its secrets stay real. Printed, it shows itself without them; so do the containers
 * inside it that hold secrets. A value that is no object, or is frozen, is left alone.
 */
export function attachLook<T>(value: T, context: LookContext = {}): T {
  if (value === undefined) noteNothing(() => showResult(undefined, context))
  if (typeof value !== 'object' || value === null) return value
  const places = placesOf(context)
  visit(value, undefined, secretPlaceOf(places), { context, open: places.open, seen: new Seen() }, PLAIN)
  dress(value, { context, at: [] })
  if (context.kind === 'diff') dressChanges(value as unknown as Diff, context)
  return value
}

/** A change holds its path as text, so that its values are hidden by that, not by the name of their key. */
function dressChanges(diff: Diff, context: LookContext): void {
  if (diff.kind === 'unknown') return
  const safe = (): readonly unknown[] => safeChanges(diff.changes, differencePlaces(context.row))
  const data = hiddenMember(() => safeData(diff, { context, at: [] }))
  // A difference is there to be looked at: its JSON hides what its table hides.
  if (Object.isExtensible(diff)) Object.defineProperty(diff, 'toJSON', data)
  dress(diff.changes, { context, at: ['changes'], safe })
  for (const [index, change] of diff.changes.entries()) {
    dress(change, { context, at: ['changes', String(index)], safe: () => safe()[index] })
  }
}

function placesOf(context: LookContext): SecretPlaces {
  if (context.kind !== 'diff') return secretPlaces(context.row)
  return placesBelow(differencePlaces(context.row), ['before', 'after'])
}

/** The look that a value has, by `attachLook`; `undefined` where it has none. */
export function attachedLook(value: object): Look | undefined {
  const found = attached.get(value)
  return found === undefined ? undefined : makeLook(value, found)
}

/** The operation that a value is the answer of, as its look knows; `undefined` where none is known. */
export function attachedRow(value: object): OperationRow | undefined {
  return attached.get(value)?.context.row
}

/** The way from the root to a container, as a chain, so that walking costs nothing where nothing is hidden. */
interface Trail {
  readonly key: string
  readonly above: Trail | undefined
  readonly depth: number
}

/** What stays the same during one walk. */
interface Walk {
  readonly context: LookContext
  /** Names that hold no secret here, although elsewhere they do. */
  readonly open: readonly string[] | undefined
  readonly seen: Seen
}

/**
 * Dresses every container below that hides something, and tells whether this one does. The secrets that it meets are
 * remembered, so that a copy of the value, which has no look, shows none of them in a stream or display.
 */
function visit(value: object, trail: Trail | undefined, place: SecretPlace, walk: Walk, around: Around): boolean {
  const { context, open, seen } = walk
  const depth = trail?.depth ?? 0
  if (isSecretSlot(value) || depth > DEEPEST || (depth > SHALLOW && !seen.first(value))) return false
  let hides = false
  for (const key in value) {
    const member: unknown = (value as Record<string, unknown>)[key]
    if (member === null) continue
    // What is hidden is so with everything inside it.
    const below = place === NOWHERE || place.hides !== undefined ? place : stepTo(place, key)
    const hidden = below.hides !== undefined
    if (typeof member === 'string' || typeof member === 'number') {
      if (hidden || isSecretMember(member, key, value, around, open)) {
        hides = true
        remember(key, String(member), hidden)
      }
      continue
    }
    if (hidden || isSecretName(key)) hides = true
    if (typeof member !== 'object') continue
    const within = hidden ? HIDDEN : aroundIn(key, value, around, open)
    if (visit(member, { key, above: trail, depth: depth + 1 }, below, walk, within)) hides = true
  }
  const mine = hides || place.hides !== undefined
  if (mine && trail !== undefined) dress(value, { context, at: keysOf(trail) })
  return mine
}

/** What of a hidden text is the secret: of a link its query. The code that a user types elsewhere is made to be shown. */
function remember(key: string, text: string, byPlace: boolean): void {
  if (key === 'user_code') return
  const link = byPlace && /^https?:\/\//.test(text) ? text.indexOf('?') : -1
  processSecrets().add(link === -1 ? text : text.slice(link + 1).replace(/#$/, ''))
}

function keysOf(trail: Trail | undefined): string[] {
  const keys: string[] = []
  for (let here = trail; here !== undefined; here = here.above) keys.unshift(here.key)
  return keys
}

/** Answers of a server are trees; only below a depth that trees seldom reach is it worth looking for circles. */
const SHALLOW = 8

class Seen {
  #values: Set<object> | undefined

  /** True the first time that a value is met. */
  first(value: object): boolean {
    this.#values ??= new Set()
    if (this.#values.has(value)) return false
    this.#values.add(value)
    return true
  }
}

function dress(value: object, look: Attached): void {
  if (!Object.isExtensible(value)) return
  attached.set(value, look)
  Object.defineProperty(value, INSPECT, INSPECT_MEMBER)
  Object.defineProperty(value, JUPYTER, JUPYTER_MEMBER)
}

const hiddenMember = (value: unknown): PropertyDescriptor => ({
  value,
  enumerable: false,
  configurable: true,
  writable: true,
})
// The same for every result: many are dressed, few are shown.
const INSPECT_MEMBER = hiddenMember(inspectAttached)
const JUPYTER_MEMBER = hiddenMember(displayAttached)

function inspectAttached(
  this: object,
  depth: number | null,
  style: InspectStyle,
  inspect: (value: unknown, style: InspectStyle) => string,
): string {
  const found = attached.get(this)
  // A prototype or a copy by descriptors has the members and not the look.
  if (found === undefined) return inspect(withoutSecrets({ ...this }), { ...style, depth })
  // A depth without end asks for all the data, not for a table of it.
  const asked = style?.depth ?? 2
  const endless = depth === null || asked === Number.POSITIVE_INFINITY
  if (found.at.length === 0 && !endless && isOutermost(depth, style)) {
    return makeLook(this, found).text(textOptions(style))
  }
  return inspect(safeData(this, found), { ...style, depth })
}

function displayAttached(this: object): unknown {
  const found = attached.get(this)
  return (found === undefined ? showResult({ ...this }) : makeLook(this, found)).bundle()
}

function safeData(value: object, found: Attached): unknown {
  if (found.safe !== undefined) return found.safe()
  if (found.at.length === 0) return makeLook(value, found).json()
  return withoutSecrets(value, placesWithin(placesOf(found.context), found.at))
}

function diffTitle({ row }: LookContext): string | undefined {
  return row === undefined ? undefined : `${row.method} ${row.path}`
}

function makeLook(value: object, found: Attached): Look {
  const { context, at } = found
  if (at.length > 0) {
    const safe = safeData(value, found)
    return showResult(safe)
  }
  switch (context.kind) {
    case 'explanation':
      return showExplanation(value as Explanation)
    case 'flow-explanation':
      return showFlow(value as FlowExplanation)
    case 'diff':
      return showDiff(value as Diff, diffTitle(context), differencePlaces(context.row))
    case 'limits':
      return showLimits(value as LimitsView)
    case 'event':
      return showEvent(value as PlanEvent<unknown>)
    case 'events':
      return showEvents(value as readonly PlanEvent<unknown>[])
    case 'outcome': {
      const outcome = value as Outcome<unknown>
      return showOutcome(outcome, showResult(outcome.status === 'ok' ? outcome.value : undefined, context))
    }
    default:
      return showResult(value, context)
  }
}
