// The room of the reader's own RxJS: plans as its observables, and operators for them. No other room names its types.
export {
  events,
  observe,
  pageItems,
  type ResendOptions,
  resend,
  untilFinished,
  type WithStatus,
} from './observables.ts'
