import type { OperationRow } from '../catalogue/index.ts'
import type { Diff, Explanation, FlowExplanation, Outcome, PlanData, PlanEvent } from '../plan/index.ts'
import { isSecretSlot } from '../plan/index.ts'
import type { InspectStyle, Look } from './look.ts'
import { define, INSPECT, isOutermost, JUPYTER, textOptions } from './look.ts'
import { showDiff } from './looks/diff.ts'
import { showEvent, showEvents } from './looks/events.ts'
import { showOutcome } from './looks/outcome.ts'
import { showExplanation, showFlow } from './looks/plan.ts'
import { showResult } from './looks/result.ts'
import type { LimitsView } from './looks/session.ts'
import { showLimits } from './looks/session.ts'
import type { SecretPlaces } from './secrets.ts'
import { hidesByName, placesWithin, secretPlaces, withoutSecrets } from './secrets.ts'

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
}

// Deeper than any answer of Auth0; a hostile one must not exhaust the stack.
const DEEPEST = 100

const attached = new WeakMap<object, Attached>()

/**
 * Gives a result its look and answers the same value. The value stays plain data: comparison, JSON, cloning and
 * spreading meet nothing new, and its secrets stay real. Printed, it shows itself without them; so do the containers
 * inside it that hold secrets. A value that is no object, or is frozen, is left alone.
 */
export function attachLook<T>(value: T, context: LookContext = {}): T {
  if (typeof value !== 'object' || value === null) return value
  const places = secretPlaces(context.row)
  visit(value, [], places, context, new Set())
  dress(value, { context, at: [] })
  return value
}

/** The look that a value has, by `attachLook`; `undefined` where it has none. */
export function attachedLook(value: object): Look | undefined {
  const found = attached.get(value)
  return found === undefined ? undefined : makeLook(value, found)
}

/** Dresses every container below that hides something; answers whether this one does. */
function visit(
  value: object,
  at: readonly string[],
  places: SecretPlaces,
  context: LookContext,
  seen: Set<object>,
): boolean {
  if (seen.has(value) || isSecretSlot(value) || at.length > DEEPEST) return false
  seen.add(value)
  let hides = false
  for (const key of Object.keys(value)) {
    const member: unknown = (value as Record<string, unknown>)[key]
    const hidden = member !== null && (hidesByName(key) || leadsTo(places, at, key))
    if (typeof member !== 'object' || member === null) hides = hides || hidden
    else hides = visit(member, [...at, key], places, context, seen) || hides || hidden
  }
  const mine = hides || isInside(places, at)
  if (mine && at.length > 0) dress(value, { context, at })
  return mine
}

function leadsTo(places: SecretPlaces, at: readonly string[], key: string): boolean {
  return isInside(places, [...at, key])
}

function isInside(places: SecretPlaces, at: readonly string[]): boolean {
  if (at.length === 0 || (places.paths.length === 0 && places.urls.length === 0)) return false
  const covers = (path: string): boolean => {
    const parts = path.split('.')
    return parts.length <= at.length && parts.every((part, index) => part === '*' || part === at[index])
  }
  return places.paths.some(covers) || places.urls.some(covers)
}

function dress(value: object, look: Attached): void {
  if (!Object.isExtensible(value)) return
  attached.set(value, look)
  define(value, INSPECT, inspectAttached)
  define(value, JUPYTER, displayAttached)
}

function inspectAttached(
  this: object,
  depth: number | null,
  style: InspectStyle,
  inspect: (value: unknown, style: InspectStyle) => string,
): string {
  const found = attached.get(this)
  if (found === undefined) return inspect({ ...this }, style)
  // A depth without end asks for all the data, not for a table of it.
  const asked = style?.depth ?? 2
  const endless = depth === null || asked === Number.POSITIVE_INFINITY
  if (found.at.length === 0 && !endless && isOutermost(depth, style)) {
    return makeLook(this, found).text(textOptions(style))
  }
  return inspect(withoutSecrets(this, placesOf(found)), { ...style, depth })
}

function displayAttached(this: object): unknown {
  const found = attached.get(this)
  return found === undefined ? { 'text/plain': '' } : makeLook(this, found).bundle()
}

function placesOf({ context, at }: Attached): SecretPlaces {
  return placesWithin(secretPlaces(context.row), at)
}

function makeLook(value: object, found: Attached): Look {
  const { context } = found
  switch (context.kind) {
    case 'explanation':
      return showExplanation(value as Explanation)
    case 'flow-explanation':
      return showFlow(value as FlowExplanation)
    case 'diff':
      return showDiff(
        value as Diff,
        context.row === undefined ? undefined : `${context.row.method} ${context.row.path}`,
      )
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
