import type { Json } from '../plan/index.ts'
import { isJsonObject } from '../plan/index.ts'

const MOST_IN_LINE = 160
const DEEPEST = 2

/** A value in one line: what a table cell shows. */
export function inLine(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value.length > MOST_IN_LINE * 4 ? `${value.slice(0, MOST_IN_LINE * 4)}…` : value
  if (Array.isArray(value)) return listInLine(value)
  if (typeof value === 'object') return objectInLine(value)
  return String(value)
}

function listInLine(list: readonly unknown[]): string {
  if (list.length === 0) return 'none'
  const names = list.map((item) => (typeof item === 'object' && item !== null ? nameOf(item) : inLine(item)))
  if (names.some((name) => name === undefined)) return `${list.length} ${list.length === 1 ? 'entry' : 'entries'}`
  return shorten(names.join(', '), list.length)
}

function objectInLine(value: object, depth = 0): string {
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  const parts = entries.map(([key, item]) => `${key}: ${memberInLine(item, depth)}`)
  return shorten(parts.join(', '), entries.length)
}

function memberInLine(item: unknown, depth: number): string {
  if (Array.isArray(item)) return listInLine(item)
  if (typeof item !== 'object' || item === null) return inLine(item)
  return depth < DEEPEST ? `{ ${objectInLine(item, depth + 1)} }` : '{…}'
}

function shorten(text: string, count: number): string {
  return text.length <= MOST_IN_LINE ? text : `${text.slice(0, MOST_IN_LINE)}… (${count})`
}

const NAMES = [
  'name',
  'display_name',
  'domain',
  'email',
  'identifier',
  'user_id',
  'client_id',
  'connection',
  'id',
  'code',
]

function nameOf(value: object): string | undefined {
  const key = NAMES.find((name) => typeof (value as Record<string, unknown>)[name] === 'string')
  return key === undefined ? undefined : (value as Record<string, string>)[key]
}

/** A value over several lines, as JSON. */
export function asCode(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? String(value))
}

/** True for a value that needs more than a line to be read. */
export function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object' && item !== null)
  return isJsonObject(value as Json) && Object.values(value as object).length > 0
}

/** Epoch milliseconds as ISO time without fractions. */
export function timeText(at: number | undefined): string | undefined {
  if (at === undefined || !Number.isFinite(at)) return undefined
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace(/\.\d+Z$/, 'Z')
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const

/** A time span as a reader says it: `250 ms`, `4.5 s`, and above a minute its two largest units, `23 h 59 min`. */
export function durationText(ms: number): string
export function durationText(ms: number | undefined): string | undefined
export function durationText(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))} s`
  const first = UNITS.findIndex(([, size]) => ms >= size)
  let rest = ms
  const parts = UNITS.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count === 0 ? '' : `${count} ${name}`
  })
  return parts.filter((part) => part !== '').join(' ')
}

const AGES = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** Milliseconds from now as a reader says them: `3 days ago`, `in 2 hours`. */
export function relativeText(ms: number): string {
  const [unit, size] = AGES.find(([, each]) => Math.abs(ms) >= each) ?? ['moment', Number.POSITIVE_INFINITY]
  if (unit === 'moment') return 'now'
  const count = Math.floor(Math.abs(ms) / size)
  const said = `${count} ${unit}${count === 1 ? '' : 's'}`
  return ms < 0 ? `${said} ago` : `in ${said}`
}
