// The entry for readers who use RxJS: the stages of a custom pipeline, plans as RxJS observables, and operators for them.
export type { Handler, NextHandler, Operation, Reply, Stage, SupportedOption } from './pipeline/index.ts'
export { customDomain, rateLimit, retry, supports, token } from './pipeline/index.ts'
export { events, observe, pageItems, type ResendOptions, resend, untilFinished, type WithStatus } from './rx/index.ts'
