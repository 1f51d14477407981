import { isJsonObject, type Json, type JsonObject, TenantlabError } from '../plan/index.ts'

// A placeholder stands for the answer of a write that has not been sent. What is known of it are ordinary members.
// Any other member is, by its name, either a text `{{step.member}}`, so that it can be a path parameter, or a further
// placeholder. In a plan they are plain data, and `substitute()` puts the real values in once they exist.

/** Names that the language, libraries and test tools look for on any object. */
const PROTOCOL =
  /^(then|catch|finally|subscribe|inspect|toJSON|nodeType|asymmetricMatch|constructor|prototype|valueOf)$|^[@$_]|[^A-Za-z0-9_-]/
/** Members that are texts wherever Auth0 has them. */
const TEXT =
  /(^|_)(id|name|url|uri|ticket|domain|email|status|secret|code|token|at|kid|pem|type|identifier|thumbprint|cert|location)$/
const MARKER = /\{\{([^{}]+)\}\}/g
const WHOLE = /^\{\{([^{}]+)\}\}$/

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
  const text = `{{${path === '' ? step : `${step}.${path}`}}}`
  const target = path !== '' || Object.keys(known).length === 0 ? { $after: text, ...known } : { ...known }
  const unreadable = (what: string): never => {
    throw new TenantlabError(
      'predicted',
      `${what} of ${text} is known only after the step "${step}" was sent. Run it without --check, or do without this value.`,
    )
  }
  return new Proxy(target, {
    get(from, key, receiver) {
      if (key === Symbol.toPrimitive) return (hint: string) => (hint === 'number' ? unreadable('The number') : text)
      if (key === Symbol.iterator || key === Symbol.asyncIterator) return unreadable('The list')
      if (key === 'toString') return () => text
      if (typeof key === 'symbol' || Object.hasOwn(from, key) || PROTOCOL.test(key))
        return Reflect.get(from, key, receiver)
      const below = path === '' ? key : `${path}.${key}`
      return TEXT.test(key) ? `{{${step}.${below}}}` : standIn(step, below, {})
    },
  })
}

/** Steps whose values a piece of data waits for: the texts in its markers. */
export function markersIn(data: unknown): readonly string[] {
  const found = new Set<string>()
  const visit = (item: unknown): void => {
    if (typeof item === 'string') for (const [, inner = ''] of item.matchAll(MARKER)) found.add(inner)
    else if (Array.isArray(item)) item.forEach(visit)
    else if (typeof item === 'object' && item !== null) Object.values(item).forEach(visit)
  }
  visit(data)
  return [...found]
}

/** Step and path of a marker's text, where the step is one of those known; the longest name wins. */
export function readMarker(inner: string, steps: Iterable<string>): { step: string; path: string } | undefined {
  let best: string | undefined
  for (const step of steps) {
    if ((inner === step || inner.startsWith(`${step}.`)) && step.length > (best?.length ?? -1)) best = step
  }
  return best === undefined ? undefined : { step: best, path: inner.slice(best.length + 1) }
}

/**
 * A copy of `data` with the values of finished steps where their markers stood; markers of no known step stay.
 *
 * @throws TenantlabError when a finished step's value lacks the member.
 */
export function substitute<T>(data: T, values: ReadonlyMap<string, unknown>): T {
  const resolve = (inner: string): { value: unknown } | undefined => {
    const place = readMarker(inner, values.keys())
    if (place === undefined) return undefined
    let value: unknown = values.get(place.step)
    for (const key of place.path === '' ? [] : place.path.split('.'))
      value = (value as Record<string, unknown> | undefined)?.[key]
    if (value !== undefined) return { value }
    throw new TenantlabError(
      'unexpected',
      `The answer of the step "${place.step}" has no "${place.path}", which a later plan needs. Plan anew with a runbook that does without it.`,
    )
  }
  const visit = (item: unknown): unknown => {
    if (typeof item === 'string') {
      const whole = WHOLE.exec(item)
      const found = whole?.[1] === undefined ? undefined : resolve(whole[1])
      if (found !== undefined) return found.value
      return item.replace(MARKER, (text, inner: string) => {
        const part = resolve(inner)
        return part === undefined ? text : String(part.value)
      })
    }
    if (Array.isArray(item)) return item.map(visit)
    if (typeof item !== 'object' || item === null) return item
    const { $after } = item as { $after?: unknown }
    if (typeof $after === 'string') {
      const found = resolve(WHOLE.exec($after)?.[1] ?? '')
      if (found !== undefined) return found.value
    }
    return Object.fromEntries(Object.entries(item).map(([key, member]) => [key, visit(member)]))
  }
  return visit(data) as T
}
