import { type PlanData, planData, type SecretValues } from '../../src/plan/index.ts'
import { draft, type RequestDraft, rowOf, type WireEnvironment } from '../../src/wire/index.ts'

/** A session's part of a request, as the tests of this folder use it. */
export const environment: WireEnvironment = {
  domain: 'tenant.example.auth0.com',
  audience: 'https://tenant.example.auth0.com/api/v2/',
  version: '9.9.9',
}

/** A plan from its members. */
export function planOf(fields: Omit<PlanData, 'v'>): PlanData {
  return planData(fields)
}

/** The draft of a plan in the environment of the tests. */
export function draftOf(
  fields: Omit<PlanData, 'v'>,
  secrets: SecretValues = {},
  over: Partial<WireEnvironment> = {},
): RequestDraft {
  const plan = planOf(fields)
  return draft(plan, rowOf(plan), { ...environment, ...over }, secrets)
}
