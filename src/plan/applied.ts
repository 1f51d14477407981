/** Whether the tenant may have carried a request out: `no` where that is certain, `maybe` where nobody here can tell. */
export type Applied = 'no' | 'maybe'

/** What a request does, as the catalogue's rows say. */
type Effect = 'read' | 'write' | 'token'

/** How a request ended, as far as its effect and sending it again are concerned. */
export type Fault =
  /** A 429 of the rate limit: the server did nothing. */
  | 'rate-limit'
  /** Too many wrong passwords or codes; a second try makes it worse. */
  | 'too-many-attempts'
  /** A token quota is used up until its next window. */
  | 'quota'
  /** Belongs to the poll rule, which waits by itself. */
  | 'polling'
  /** 503 with `Retry-After`: the server says that it did nothing and when to come back. */
  | 'unavailable-until'
  /** 408 and most of 5xx: whether the request was carried out is not known. */
  | 'server'
  /** No connection was made, so the server did nothing; another try may succeed. */
  | 'not-sent'
  /** Nothing was sent, and sending again cannot help: an unknown host, a certificate, a malformed URL. */
  | 'hopeless'
  /** The connection broke after the request may have reached the server. */
  | 'broken'
  /** The caller or the deadline ended the request before its answer came. */
  | 'given-up'
  /** The server reported success, and what followed failed: its answer could not be read or used. */
  | 'answered'
  /** Everything else that the server refused for good. */
  | 'refused'

const DOUBTFUL: ReadonlySet<Fault> = new Set(['server', 'broken', 'given-up', 'answered'])
/** Server errors by which the server says that it does not do such a thing at all. */
const NOT_SERVED = new Set([501, 505, 511])

/**
 * The one rule for "was it carried out?": by how the request ended and by what it does. Every error's `applied`, the
 * pipeline's advice and the lines of a journal come from here.
 */
export function appliedAfter(fault: Fault, effect: Effect): Applied {
  return effect !== 'read' && DOUBTFUL.has(fault) ? 'maybe' : 'no'
}

/**
 * What a status alone says of a request.
 *
 * @param namesTime Whether the answer had a `Retry-After`.
 */
export function faultOfStatus(status: number, namesTime: boolean): Fault {
  if (status < 300) return 'answered'
  if (status === 408) return 'server'
  if (status === 429) return 'rate-limit'
  if (status < 500 || NOT_SERVED.has(status)) return 'refused'
  return status === 503 && namesTime ? 'unavailable-until' : 'server'
}
