import { isJsonObject, type Json } from '../../plan/index.ts'

const reviewed = new WeakMap<object, string>()

/**
 * Remembers the hash that a plan has in the plan file, where somebody has read it: values may have been put into the
 * plan since.
 */
export function keepReviewed<P extends object>(plan: P, hash: string): P {
  reviewed.set(plan, hash)
  return plan
}

/** The hash under which a plan was reviewed; nothing where it comes from no plan file. */
export function reviewedOf(work: object): { readonly reviewed?: string } {
  const hash = reviewed.get(work)
  return hash === undefined ? {} : { reviewed: hash }
}

/** The hash of the plan file that a run applies, as its parameters tell; nothing for any other run. */
export function appliedFile(mode: string, params: Json | undefined): { readonly planFile?: string } {
  return mode === 'apply' && isJsonObject(params) && typeof params.plan === 'string' ? { planFile: params.plan } : {}
}
