import { likelyDomain, meantSentence } from '../catalogue/index.ts'
import { messageOf, NetworkError } from '../plan/index.ts'
import type { HttpRequest } from '../wire/index.ts'

/** Faults of making a connection: no byte of the request has left. */
const CONNECTING =
  /^(ECONNREFUSED|ENOTFOUND|EAI_(AGAIN|FAIL|NODATA)|EADDRNOTAVAIL|UND_ERR_(CONNECT_TIMEOUT|INVALID_ARG|NOT_SUPPORTED)|ERR_INVALID_(URL|CHAR|HTTP_TOKEN|PROTOCOL)|ERR_UNESCAPED_CHARACTERS)$/
const CERTIFICATE =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|CERT_.*|ERR_TLS_CERT_.*|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/
/** Faults of a connection that exists; with a stand-in for the network they come without a sign that the request began. */
const AFTER_CONNECTING =
  /^(ECONNRESET|EPIPE|ETIMEDOUT|UND_ERR_SOCKET|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|UND_ERR_RES_.*|HPE_.*)$/

const UNKNOWN_HOST = 'no such host is known'

/** What happened, and what to do next, by code. */
const REASONS: readonly (readonly [RegExp, string, string])[] = [
  [/^ECONNREFUSED$/, 'the connection was refused', 'Check the domain and its port, and that the server runs.'],
  [/^(ENOTFOUND|EAI_NODATA|EAI_FAIL)$/, UNKNOWN_HOST, 'Check the spelling of the domain, and the name server.'],
  [/^EAI_AGAIN$/, 'the name server did not answer', 'Check the network connection, and try again.'],
  [
    /^(ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL)$/,
    'the host cannot be reached from here',
    'Check the network and the proxy.',
  ],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'no connection was made in time', 'Check the network and the proxy.'],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/,
    'the certificate comes from an authority that is not trusted here',
    'Trust it with NODE_EXTRA_CA_CERTS=file.pem, or pass connect() a dispatcher that knows the authority.',
  ],
  [
    /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    'the certificate is for another host',
    'Check the domain: the certificate must name it.',
  ],
  [/^CERT_.*$/, 'the certificate is not valid', 'Look at its dates and its chain, and at the clock of this machine.'],
  [/^(ERR_TLS_.*|ERR_SSL_.*|EPROTO)$/, 'the TLS handshake failed', 'Check that the port speaks HTTPS, and the proxy.'],
  [/^(ECONNRESET|EPIPE)$/, 'the connection was reset', ''],
  [/^UND_ERR_SOCKET$/, 'the other side closed the connection before the answer was complete', ''],
  [/^UND_ERR_HEADERS_TIMEOUT$/, 'no answer began in time', ''],
  [/^UND_ERR_BODY_TIMEOUT$/, 'the answer stopped in its middle', ''],
  [
    /^(HPE_.*|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    'the answer is not proper HTTP',
    'Look at what stands between here and Auth0.',
  ],
  [
    /^(PACKED|Z_\w+|ERR__?ERROR_\w+|ERR_BROTLI_\w+)$/,
    'the answer cannot be unpacked',
    'Look at what stands between here and Auth0.',
  ],
  [
    /^UND_ERR_(CLOSED|DESTROYED)$/,
    'the dispatcher is closed',
    'Open the sandbox or the dispatcher again, and connect anew.',
  ],
  [
    /^UND_ERR_ABORTED$/,
    'the connection was given up, as a proxy that refuses does',
    'Check HTTPS_PROXY and the proxy.',
  ],
  [
    /^(UND_ERR_INVALID_ARG|ERR_INVALID_URL|ERR_INVALID_CHAR)$/,
    'the request is none that HTTP allows',
    'Check the domain and the headers.',
  ],
]

/** How far a request had come, as far as its transport can tell. */
export type Progress = 'not begun' | 'unknown' | 'begun'

/**
 * The error of a request that got no answer.
 *
 * @param progress Whether a byte of the request had left: a code proves that nothing was sent only before that.
 */
export function networkError(request: HttpRequest, cause: unknown, progress: Progress): NetworkError {
  const root = rootOf(cause)
  const code = codeOf(root)
  const sent = mayBeSent(code, progress)
  const [, what, next] = REASONS.find(([pattern]) => code !== undefined && pattern.test(code)) ?? [
    undefined,
    undefined,
    '',
  ]
  const reason = what ?? `the transport failed: ${messageOf(root).replace(/[.\s]+$/, '')}`
  const label = code === undefined || reason.includes(code) ? '' : ` (${code})`
  const meant =
    what === UNKNOWN_HOST && URL.canParse(request.url) ? likelyDomain(new URL(request.url).hostname) : undefined
  const advice = meant === undefined ? next : `${meantSentence(meant, '', (near) => near)} ${next}`
  return new NetworkError(
    `${placeOf(request)}: no answer came, ${reason}${label}. ${advice === '' ? nextOf(request, sent) : advice}`,
    { cause, ...(code !== undefined && { code }), applied: sent ? 'maybe' : 'no' },
  )
}

/** Most bytes of one answer, unless `connect({ maxAnswerSize })` says otherwise. */
export const MAX_ANSWER_SIZE = 64 * 1024 * 1024

/** The error of an answer that is larger than the session takes. */
export function answerTooLarge(request: HttpRequest, limit: number): NetworkError {
  return new NetworkError(
    `${placeOf(request)}: the answer is larger than ${Math.round(limit / 1024).toLocaleString('en')} kB, and the rest was not read. ` +
      'Ask for less at once, or allow more with connect({ maxAnswerSize }), in bytes.',
    { code: 'ANSWER_TOO_LARGE', applied: 'maybe' },
  )
}

/** Method and address of a request, without its query: that may hold a secret. */
export function placeOf(request: HttpRequest): string {
  const cut = request.url.search(/[?#]/)
  return `${request.method} ${cut === -1 ? request.url : request.url.slice(0, cut)}`
}

function nextOf(request: HttpRequest, sent: boolean): string {
  if (!sent || request.method === 'GET') return 'Run the plan again; if it happens again, check the network.'
  return 'The request may have been applied: read the record before you send it again.'
}

function mayBeSent(code: string | undefined, progress: Progress): boolean {
  if (progress === 'begun') return true
  if (progress === 'not begun') return code !== undefined && AFTER_CONNECTING.test(code)
  return code === undefined || !(CONNECTING.test(code) || CERTIFICATE.test(code))
}

// fetch() wraps the fault of the connection, and Node wraps several tried addresses.
function rootOf(cause: unknown): unknown {
  let root = cause
  for (let depth = 0; depth < 5; depth += 1) {
    if (root instanceof AggregateError && root.errors.length > 0 && codeOf(root) === undefined) root = root.errors[0]
    else if (root instanceof Error && codeOf(root) === undefined && root.cause instanceof Error) root = root.cause
    else return root
  }
  return root
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { code, name } = error as { code?: unknown; name?: unknown }
  if (typeof code === 'string' && code !== '') return code
  // The parser's errors of some releases carry their code in the name only.
  return name === 'HTTPParserError' ? 'HPE_INVALID' : undefined
}
