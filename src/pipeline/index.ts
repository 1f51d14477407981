// The room where plans run: the stages, one file each, the array that orders them, the frame around them, and the
// execution that tells what happens.
export { blame, type CallingLine, callingLine, callSite } from './call-site.ts'
export { compose, supported } from './compose.ts'
export type { Hooked } from './config.ts'
export { Exchange } from './exchange.ts'
export type { Ending, Work } from './execution.ts'
export { coldEvents, WorkExecution } from './execution.ts'
export type {
  BucketState,
  Ceiling,
  LeastWait,
  LimitedTenant,
  OpenLimiter,
  RateLimiter,
  SlotAnswer,
  SlotRequest,
  SlotTicket,
} from './limiter/index.ts'
export { limiterFor, noLimiter, SharedLimiter } from './limiter/index.ts'
export { giveObservable, observable } from './observable.ts'
export type { RateLimitOptions, RateLimitPreset, RetryOptions } from './options.ts'
export type { Pipeline, RunSetting } from './pipeline.ts'
export { createPipeline } from './pipeline.ts'
export { sendThrough } from './send.ts'
export type {
  Gate,
  Handler,
  NextHandler,
  Operation,
  OperationContext,
  Reply,
  Stage,
  StageSession,
  SupportedOption,
} from './stage.ts'
export { supports } from './stage.ts'
export { customDomain, rateLimit, retry, token } from './stages/index.ts'
export type { UnknownPolicy } from './validate/index.ts'
export { inspectPlan, issueText, unknownText, validatePlan, zodOf } from './validate/index.ts'
