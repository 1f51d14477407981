import { createHash } from 'node:crypto'
import type { PlanData } from './plan-data.ts'

/** JSON with keys in alphabetical order at every level, so that equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`)
  return `{${members.join(',')}}`
}

/** `sha256-` and 64 hexadecimal digits over the canonical JSON of a plan. */
export function hashPlan(plan: PlanData): string {
  return `sha256-${createHash('sha256').update(canonicalJson(plan)).digest('hex')}`
}
