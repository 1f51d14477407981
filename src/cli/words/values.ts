import { MisuseError } from './misuse.ts'
import type { Values } from './read.ts'

/** The text of an option. */
export function textOf(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** The texts of an option that may be given several times, each of which may be a list. */
export function textsOf(values: Values, name: string): readonly string[] {
  const value = values[name]
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value]
  return list.flatMap((each) => String(each).split(',')).filter((each) => each !== '')
}

/** The step ids of an option: a comma within one, as in a sentence, has a space after it. */
export function idsOf(values: Values, name: string): readonly string[] {
  const value = values[name]
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value]
  return list.flatMap((each) => String(each).split(/,(?!\s)/)).filter((each) => each !== '')
}

/** A number above 0 of an option. */
export function numberOf(values: Values, name: string): number | undefined {
  const text = textOf(values, name)
  if (text === undefined) return undefined
  const number = Number(text)
  if (Number.isFinite(number) && number > 0) return number
  throw new MisuseError(`--${name} takes a number above 0, not "${text}". Correct it.`)
}

/** A whole number within bounds, both included. */
export function wholeOf(values: Values, name: string, least: number, most: number): number | undefined {
  const text = textOf(values, name)
  if (text === undefined) return undefined
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new MisuseError(`--${name} takes a whole number from ${least} to ${most}, not "${text}". Correct it.`)
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration in milliseconds: `500ms`, `90s`, `10m`, `1.5h`, `30d`; a number alone counts seconds. */
export function durationOf(values: Values, name: string): number | undefined {
  const text = textOf(values, name)
  if (text === undefined) return undefined
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? []
  if (number !== undefined) return Number(number) * (UNITS[unit] ?? 1000)
  throw new MisuseError(`--${name} takes a duration such as 90s, 10m or 1h, not "${text}". Correct it.`)
}
