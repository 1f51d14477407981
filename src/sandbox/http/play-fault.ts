import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { JsonObject } from '../../plan/index.ts'
import type { StreamedBody } from '../contract.ts'
import type { SandboxFault, SandboxFaultKind } from '../types.ts'
import { type Answer, jsonAnswer, textAnswer } from './answer.ts'

const DEFAULT_DELAY = 1000
const PIECES = 8
const APPLIED_UNLESS_TOLD: readonly SandboxFaultKind[] = ['truncate', 'slow', 'drip']

/** Where a faulty answer is written. */
export interface FaultTarget {
  readonly response: ServerResponse
  /** The TCP socket below TLS. */
  readonly raw: Socket
  /** Real time; ends early when the sandbox closes. */
  readonly wait: (ms: number) => Promise<void>
}

/** Whether the tenant does what was asked before the answer goes wrong. */
export function isApplied(fault: SandboxFault): boolean {
  return fault.applied ?? APPLIED_UNLESS_TOLD.includes(fault.kind)
}

/** The wrong answer of a fault that is still an HTTP answer; `undefined` for faults of the connection. */
export function wrongAnswer(fault: SandboxFault, path: string, now: number): Answer | undefined {
  const { headers = {} } = fault
  switch (fault.kind) {
    case 'status': {
      const status = fault.status ?? 503
      return jsonAnswer(status, fault.body ?? errorBody(path, status), headers)
    }
    case '429':
      return jsonAnswer(429, fault.body ?? errorBody(path, 429), {
        'x-ratelimit-limit': '10',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.floor(now / 1000) + 1),
        ...headers,
      })
    case 'bad-json':
      return textAnswer(fault.status ?? 200, 'application/json; charset=utf-8', '{"broken":', headers)
    case 'html':
      return textAnswer(
        fault.status ?? 503,
        'text/html; charset=utf-8',
        '<html><body>Out of service</body></html>',
        headers,
      )
    default:
      return undefined
  }
}

function errorBody(path: string, status: number): JsonObject {
  const limited = status === 429
  if (path.startsWith('/api/v2/'))
    return limited
      ? {
          statusCode: 429,
          error: 'Too Many Requests',
          message: 'Global limit has been reached',
          errorCode: 'too_many_requests',
        }
      : { statusCode: status, error: 'Fault', message: 'A fault that was put in place on purpose.' }
  return limited
    ? { error: 'too_many_requests', error_description: 'Rate limit exceeded.' }
    : { error: 'temporarily_unavailable', error_description: 'A fault that was put in place on purpose.' }
}

/** Plays a fault of the connection, over the right answer where one is needed. Answers the status that went out; 0 for none. */
export async function playConnectionFault(fault: SandboxFault, right: Answer, target: FaultTarget): Promise<number> {
  const { raw, response, wait } = target
  const delay = fault.delay ?? DEFAULT_DELAY
  switch (fault.kind) {
    case 'reset':
      raw.resetAndDestroy()
      return 0
    case 'fin':
      response.socket?.end()
      return 0
    case 'garbage':
      response.socket?.end('This is no HTTP answer.\r\n\r\n')
      return 0
    case 'slow':
      await wait(delay)
      write(response, right, fault.headers)
      return right.status
    case 'truncate':
      writeHead(response, right, fault.headers)
      response.write(right.body.subarray(0, Math.floor(right.body.length / 2)), () => response.socket?.destroy())
      return right.status
    case 'drip': {
      writeHead(response, right, fault.headers)
      const size = Math.max(1, Math.ceil(right.body.length / PIECES))
      for (let at = 0; at < right.body.length; at += size) {
        response.write(right.body.subarray(at, at + size))
        if (at + size < right.body.length) await wait(delay)
      }
      response.end()
      return right.status
    }
    default:
      throw new Error(`The fault ${fault.kind} is no fault of the connection; its answer is made elsewhere.`)
  }
}

/** Writes a whole answer. */
export function write(response: ServerResponse, answer: Answer, more: Readonly<Record<string, string>> = {}): void {
  if (answer.stream) return writeStream(response, answer, answer.stream, more)
  const sent = compressed(answer, response.req.headers['accept-encoding'])
  writeHead(response, sent, more)
  response.end(sent.body)
}

/** Bytes from which on an answer is compressed. In Deno's kernel a cell that waits never gets an answer above 64 KiB. */
const LARGE = 32 * 1024

/** A large answer as gzip, for a client that takes it, as Auth0 sends it. */
function compressed(answer: Answer, accepted: string | string[] | undefined): Answer {
  if (
    answer.body.length < LARGE ||
    'content-encoding' in answer.headers ||
    !/\bgzip\b(?!;\s*q=0(?:\.0*)?(?:,|$))/.test(String(accepted))
  )
    return answer
  const headers = { ...answer.headers, 'content-encoding': 'gzip', vary: 'accept-encoding' }
  return { ...answer, headers, body: gzipSync(answer.body, { level: 1 }) }
}

/** Writes what comes about until the client leaves or the tenant ends. */
function writeStream(
  response: ServerResponse,
  { headers, status }: Answer,
  stream: StreamedBody,
  more: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, ...more })
  response.flushHeaders()
  const stop = stream(
    (text) => response.write(text),
    () => response.end(),
  )
  response.once('close', stop)
}

function writeHead(response: ServerResponse, answer: Answer, more: Readonly<Record<string, string>> = {}): void {
  const length = answer.status === 204 ? {} : { 'content-length': String(answer.body.length) }
  response.writeHead(answer.status, { ...answer.headers, ...more, ...length })
}
