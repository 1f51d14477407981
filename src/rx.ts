// The entry for readers who use RxJS: the stages of a custom pipeline, plans as RxJS observables, and operators for them.
export type { Handler, NextHandler, Operation, Reply, ResendOptions, Stage, SupportedOption } from './pipeline/index.ts'
export {
  customDomain,
  events,
  observe,
  pageItems,
  rateLimit,
  resend,
  retry,
  supports,
  token,
  untilFinished,
} from './pipeline/index.ts'
