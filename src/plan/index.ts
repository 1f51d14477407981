// The room of the plan itself: what a request is before it is sent, as frozen data, and the interfaces of everything
// that later acts on it. It imports no other room.
export * from './api-errors.ts'
export { type Applied, appliedAfter, type Fault, faultOfStatus } from './applied.ts'
export { type ArgumentFault, refuseArgument, refuseSetting } from './argument-fault.ts'
export { bundledImport } from './bundled-import.ts'
export { plain, plainLines, plainMessage } from './clean-text.ts'
export type { Clock } from './clock.ts'
export { clockOf, giveClock, systemClock } from './clock.ts'
export { canonicalJson, hashPlan, parsePlan, planData, sha256 } from './codec.ts'
export type { Change } from './diff-values.ts'
export { diffValues } from './diff-values.ts'
export type * from './each.ts'
export { learnEnvironment } from './environment-secrets.ts'
export * from './errors.ts'
export type * from './events.ts'
export type { PlanEvent } from './events.ts'
export type * from './execution.ts'
export type * from './explanation.ts'
export { type HostExecutions, type HostPrompt, host, offerHost, type RunningExecution } from './host.ts'
export { isJsonObject, isPlain, isPromise, type Json, type JsonObject, jsonOf } from './json.ts'
export { readLocalFile } from './local-file.ts'
export { Outages } from './outages.ts'
export type * from './plan.ts'
export type * from './plan-data.ts'
export { headerRefusal, isMethodOverride } from './plan-headers.ts'
export { hideQuery, markedPaths, redact, redactHeaders, redactText, SECRET_MARK } from './redact.ts'
export { processSecrets, Redactor, type SecretColumns } from './redactor.ts'
export type * from './review.ts'
export { normalRoute } from './route.ts'
export type * from './runner.ts'
export type { Secret, SecretValues } from './secret.ts'
export { holdsSlot, isSecretSlot, resolveSecrets, secretNames, secretSlot } from './secret.ts'
export { type Around, aroundIn, HIDDEN, isSecretMember, PLAIN } from './secret-members.ts'
export {
  isSecretHeader,
  isSecretName,
  isSecretText,
  NOWHERE,
  type SecretPlace,
  secretPlaceOf,
  stepTo,
} from './secret-signs.ts'
export { makeStamp } from './stamp.ts'
export { giveTenantState, tenantStateOf } from './tenant-state.ts'
export {
  type ErrorDetails,
  type ErrorKind,
  isTenantlabError,
  keepPartial,
  messageOf,
  outward,
  type PartialList,
  TenantlabError,
} from './tenantlab-error.ts'
