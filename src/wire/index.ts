// The room of the wire: a plan and its environment become an HTTP request, a reply becomes a value or an error, and a
// plan becomes curl, an .http file or an explanation. It sends nothing.
export {
  faultOfAnswer,
  hasAnswered,
  noteReached,
  parseQuotaHeader,
  parseRateLimit,
  rateLimitOf,
  requestIdOf,
  ServerTime,
  serverTimeOf,
} from './answer-headers.ts'
export { toCurl } from './curl.ts'
export { customDomainVerdict } from './custom-domain.ts'
export { decode, unreadable } from './decode.ts'
export { decodeError } from './decode-error.ts'
export { draft, finish } from './draft.ts'
export type { WireEnvironment } from './environment.ts'
export { telemetry } from './environment.ts'
export { readErrorBody } from './error-body.ts'
export { explain, redactSearch } from './explain.ts'
export type * from './http.ts'
export { toHttp } from './http-file.ts'
export { type PageContent, pageOf } from './page.ts'
export { matchedRow, rowOf } from './row-of.ts'
