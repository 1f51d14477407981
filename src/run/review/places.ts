import { isJsonObject, type Json, TenantlabError } from '../../plan/index.ts'
import { markersOf, readable } from '../steps/index.ts'
import type { Placeholder } from './contract.ts'

/**
 * Takes the markers out of a planned step: what people read stays in its texts, and the places where values belong are
 * listed beside it.
 *
 * @throws TenantlabError for a marker that code has changed, or that names a member.
 */
export function lift<T extends object>(step: T): { readonly step: T; readonly placeholders: readonly Placeholder[] } {
  const placeholders: Placeholder[] = []
  const visit = (item: unknown, at: string): unknown => {
    if (typeof item === 'string') return liftText(item, at, placeholders)
    if (Array.isArray(item)) return item.map((element, index) => visit(element, `${at}/${index}`))
    if (typeof item !== 'object' || item === null) return item
    const { $after } = item as { $after?: unknown }
    const [whole] = typeof $after === 'string' ? markersOf($after) : []
    if (whole !== undefined) {
      placeholders.push({ at, step: whole.step, member: whole.member })
      return { $after: readable(String($after)) }
    }
    return Object.fromEntries(
      Object.entries(item).map(([key, member]) => {
        refuseName(key)
        return [key, visit(member, `${at}/${escaped(key)}`)]
      }),
    )
  }
  return { step: visit(step, '') as T, placeholders }
}

function liftText(text: string, at: string, placeholders: Placeholder[]): string {
  const markers = markersOf(text)
  let plain = ''
  let end = 0
  for (const { step, member, from, to } of markers) {
    plain += text.slice(end, from)
    const name = readable(text.slice(from, to))
    const whole = markers.length === 1 && from === 0 && to === text.length
    placeholders.push({
      at,
      step,
      member,
      ...(!whole && { part: [plain.length, plain.length + name.length] as const }),
    })
    plain += name
    end = to
  }
  return plain + text.slice(end)
}

function refuseName(key: string): void {
  if (markersOf(key).length === 0) return
  throw new TenantlabError(
    'predicted',
    `${readable(key)} is known only after a write, and cannot be the name of a member in a plan. Run the runbook instead of checking it.`,
  )
}

/**
 * A copy of a planned step, or of a part of it, with the values of finished steps in their places.
 *
 * @param under JSON pointer of the part; the placeholders elsewhere are left alone.
 * @throws TenantlabError when a finished step's answer lacks the member.
 */
export function fill<T>(
  part: T,
  under: string,
  placeholders: readonly Placeholder[],
  values: ReadonlyMap<string, unknown>,
): T {
  const here = placeholders.filter(({ at }) => at === under || at.startsWith(`${under}/`))
  if (here.length === 0) return part
  const byPlace = new Map<string, Placeholder[]>()
  for (const each of here) byPlace.set(each.at, [...(byPlace.get(each.at) ?? []), each])
  const visit = (item: unknown, at: string): unknown => {
    const found = byPlace.get(at)
    if (found !== undefined) return put(item, found, values)
    if (Array.isArray(item)) return item.map((element, index) => visit(element, `${at}/${index}`))
    if (typeof item !== 'object' || item === null) return item
    return Object.fromEntries(
      Object.entries(item).map(([key, member]) => [key, visit(member, `${at}/${escaped(key)}`)]),
    )
  }
  return visit(part, under) as T
}

function put(item: unknown, found: readonly Placeholder[], values: ReadonlyMap<string, unknown>): unknown {
  const [first] = found
  if (first !== undefined && first.part === undefined) return answerOf(first, values)
  // From the end, so that the places before stay where they are.
  return [...found].reverse().reduce((text, { part: [from, to] = [0, 0], ...marker }) => {
    return text.slice(0, from) + String(answerOf(marker, values)) + text.slice(to)
  }, String(item))
}

function answerOf({ step, member }: Placeholder, values: ReadonlyMap<string, unknown>): unknown {
  let value: unknown = values.get(step)
  for (const key of member === '' ? [] : member.split('.'))
    value = isJsonObject(value as Json) || Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined
  if (value !== undefined) return value
  throw new TenantlabError(
    'unexpected',
    `The answer of the step "${step}" has no "${member}", which a later plan needs. Plan again with a runbook that does without it.`,
  )
}

/** A name as JSON pointers write it. */
const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
