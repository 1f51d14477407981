import { createHash } from 'node:crypto'
import type { PlanData } from './plan-data.ts'

/** JSON with keys in alphabetical order at every level, so that equal data gives equal text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts: string[] = []
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) parts.push(canonicalJson(item ?? null))
    return `[${parts.join(',')}]`
  }
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key]
    if (member === undefined) continue
    const text = typeof member === 'object' ? canonicalJson(member) : JSON.stringify(member)
    parts.push(`${JSON.stringify(key)}:${text}`)
  }
  return `{${parts.join(',')}}`
}

const hashes = new WeakMap<PlanData, string>()

/** `sha256-` and 64 hexadecimal digits over the canonical JSON of a plan; made once, since a plan is frozen. */
export function hashPlan(plan: PlanData): string {
  let hash = hashes.get(plan)
  if (hash === undefined) {
    hash = `sha256-${createHash('sha256').update(canonicalJson(plan)).digest('hex')}`
    if (Object.isFrozen(plan)) hashes.set(plan, hash)
  }
  return hash
}
