import { randomBytes } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject, sha256, TenantlabError } from '../../plan/index.ts'

import { type Marker, runbookCode } from './runbook-code.ts'

// A placeholder stands for the answer of a write that has not been sent. What is known of it are ordinary members.
// Any other member is, by its name, either a text, so that it can be a path parameter, or a further placeholder. People
// read such a text as `{{step.member}}`. In memory it carries a seal besides, which no tenant and no parameter can know,
// so that a text of theirs that looks like one is never taken for one.

/** Names that the language, libraries and test tools look for on any object. */
const PROTOCOL =
  /^(then|catch|finally|subscribe|inspect|toJSON|nodeType|asymmetricMatch|constructor|prototype|valueOf)$|^[@$_]|[^A-Za-z0-9_-]/
/** Members that are texts wherever Auth0 has them. */
const TEXT =
  /(^|_)(id|name|url|uri|ticket|domain|email|status|secret|code|token|at|kid|pem|type|identifier|thumbprint|cert|location)$/
const SEAL = randomBytes(8).toString('hex')
const SEALED = new RegExp(`\\{\\{([^{}]+)#${SEAL}-(\\d+)-([0-9a-f]{8})\\}\\}`, 'g')
const SEALS = new RegExp(`#${SEAL}-\\d+-[0-9a-f]{8}`, 'g')

/** A marker in a text, from the first character to the one after the last. */
interface FoundMarker extends Marker {
  readonly from: number
  readonly to: number
}

/** The value of a predicted step: `known` as it is, and placeholders for the rest. */
export function placeholder(step: string, known?: Json): unknown {
  return isJsonObject(known) ? standIn(step, '', known) : standIn(step, '', {})
}

/** A value that may not be read, because its step was left out. */
export function leftOut(step: string, reason: string): unknown {
  return new Proxy(
    {},
    {
      get(target, key) {
        if (typeof key === 'symbol' || PROTOCOL.test(key)) return Reflect.get(target, key)
        throw new TenantlabError(
          'predicted',
          `The step "${step}" was left out (${reason}), so that its "${key}" is not known. Run the step as well, or do without the value.`,
        )
      },
    },
  )
}

function standIn(step: string, path: string, known: JsonObject): unknown {
  const text = markerText(step, path)
  const target = path !== '' || Object.keys(known).length === 0 ? { $after: text, ...known } : { ...known }
  const unreadable = (what: string): never => {
    throw new TenantlabError(
      'predicted',
      `${what} of ${readable(text)} is known only after the step "${step}" was sent. Run it instead of checking it, or do without this value.`,
    )
  }
  const look = (key: string): string => {
    const member = path === '' ? key : `${path}.${key}`
    runbookCode.getStore()?.looked.set(JSON.stringify([step, member]), { step, member })
    return member
  }
  return new Proxy(target, {
    has(from, key) {
      if (typeof key === 'string' && !Object.hasOwn(from, key) && !PROTOCOL.test(key)) look(key)
      return Reflect.has(from, key)
    },
    get(from, key, receiver) {
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === 'number' ? unreadable('The number') : text)
      if (key === Symbol.iterator || key === Symbol.asyncIterator) return unreadable('The list')
      if (key === 'toString') return () => text
      if (typeof key === 'symbol' || Object.hasOwn(from, key) || PROTOCOL.test(key))
        return Reflect.get(from, key, receiver)
      const below = look(key)
      return TEXT.test(key) ? markerText(step, below) : standIn(step, below, {})
    },
  })
}

/** The text of a marker as it is in memory. */
export function markerText(step: string, member: string): string {
  const inner = member === '' ? step : `${step}.${member}`
  return `{{${inner}#${SEAL}-${step.length}-${checksum(inner)}}}`
}

/** Tells a marker that code has changed, such as by toLowerCase(). */
function checksum(inner: string): string {
  return sha256(inner).slice(0, 8)
}

/** The text of markers as people read it. */
export function readable(text: string): string {
  return text.replace(SEALS, '')
}

/**
 * The markers of a text, in order.
 *
 * @throws TenantlabError for one that code has changed: it stands for a value that nobody knows yet.
 */
export function markersOf(text: string): readonly FoundMarker[] {
  const found: FoundMarker[] = []
  let rest = text
  for (const match of text.matchAll(SEALED)) {
    const [whole, inner = '', length, sum] = match
    if (sum !== checksum(inner)) continue
    rest = rest.replace(whole, '')
    const step = inner.slice(0, Number(length))
    found.push({ step, member: inner.slice(step.length + 1), from: match.index, to: match.index + whole.length })
  }
  if (rest.toLowerCase().includes(SEAL)) {
    throw new TenantlabError(
      'predicted',
      `The runbook has changed a text that is known only after a write: ${JSON.stringify(readable(text))}. ` +
        'Use the value as it is, as a whole or inside a template string, or run the runbook instead of checking it.',
    )
  }
  return found
}

/** What a piece of data waits for, each once, in order. */
export function markersIn(data: unknown): readonly Marker[] {
  const found = new Map<string, Marker>()
  const visit = (item: unknown): void => {
    if (typeof item === 'string')
      for (const { step, member } of markersOf(item)) found.set(JSON.stringify([step, member]), { step, member })
    else if (Array.isArray(item)) item.forEach(visit)
    else if (typeof item === 'object' && item !== null) {
      Object.keys(item).forEach(visit)
      Object.values(item).forEach(visit)
    }
  }
  visit(data)
  return [...found.values()]
}
