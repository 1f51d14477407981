import type { Json, Subscribable } from '../plan/index.ts'

/** A JSON body. */
export interface JsonBody {
  readonly kind: 'json'
  readonly value: Json
}

/** A form-urlencoded body. */
export interface FormBody {
  readonly kind: 'form'
  readonly fields: Readonly<Record<string, string>>
}

/** A multipart body. */
export interface MultipartBody {
  readonly kind: 'multipart'
  readonly parts: readonly MultipartPart[]
}

/** One part: a field, a file from memory, or a file that is read when the request goes out. */
export interface MultipartPart {
  readonly name: string
  readonly filename?: string
  readonly contentType?: string
  readonly content: string | { readonly file: string; readonly sha256?: string }
}

export type DraftBody = JsonBody | FormBody | MultipartBody

/** A body as it goes over the wire. */
export interface EncodedBody {
  readonly body: string | Uint8Array
  readonly contentType: string
}

/** A request while the stages still work on it: no credential yet, body not yet written. */
export interface RequestDraft {
  readonly method: string
  /** `https://{domain}` */
  readonly origin: string
  /** Percent-encoded path, without query. */
  readonly path: string
  /** `''` or `?a=b`. */
  readonly search: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: DraftBody
  /** True for answers that are read as they come (server-sent events). */
  readonly stream?: boolean
  /** True where the answer is a list, which may be large. */
  readonly list?: boolean
}

/** A request as a transport gets it. */
export interface HttpRequest {
  readonly method: string
  readonly url: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** True when the answer's body shall come as `chunks`. */
  readonly stream?: boolean
  /** True where the answer is a list, which may be large. */
  readonly list?: boolean
  /** Fires when the plan is aborted or its deadline passes. Custom transports get it; the built-in ones abort by themselves. */
  readonly signal?: AbortSignal
}

/** An answer as a transport gives it. */
export interface HttpReply {
  readonly status: number
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as text; `''` for a stream. */
  readonly body: string
  /** The body as it comes, for `stream` requests. */
  readonly chunks?: Subscribable<string>
}

/** Sends one request. Unsubscribing aborts it. */
export type Transport = (request: HttpRequest) => Subscribable<HttpReply>
