import type { IncomingMessage, ServerResponse } from 'node:http'
import { findRow } from '../../catalogue/index.ts'
import type { Core } from '../core.ts'
import type { RateLimits } from '../limits/index.ts'
import type { SandboxRequest } from '../types.ts'
import { jsonAnswer } from './answer.ts'
import { type Handled, handleExchange, type IncomingExchange } from './exchange.ts'
import type { FaultStore } from './faults.ts'
import { isApplied, playConnectionFault, write, wrongAnswer } from './play-fault.ts'
import { listedRequest } from './request-log.ts'
import type { Serve, ServeContext } from './server.ts'

const MOST_BYTES = 8 * 1_048_576

/** What serving needs from its sandbox. */
export interface ServeParts {
  readonly core: Core
  readonly limits: RateLimits
  readonly faults: FaultStore
  /** Notes a request and the size of its body in bytes. */
  readonly note: (request: SandboxRequest, size: number) => void
  readonly wait: (ms: number) => Promise<void>
  /** The same, and a clock that stands still has moved by it. */
  readonly late: (ms: number) => Promise<void>
  /** Milliseconds that every answer waits. */
  readonly latency: number
}

/** Serves requests: reads them, plays the faults in place, answers, and notes each in the request list. */
export function createServe(parts: ServeParts): Serve {
  return (request, response, context) => {
    serveOne(parts, request, response, context).catch((error: unknown) => {
      // The client went away, or the sandbox has a defect; neither may take the process of a notebook down.
      if (!response.headersSent && !response.destroyed) write(response, ownFailure(error))
      else response.destroy()
    })
  }
}

async function serveOne(
  parts: ServeParts,
  incoming: IncomingMessage,
  response: ServerResponse,
  context: ServeContext,
): Promise<void> {
  const request = await readRequest(incoming, context.secure)
  const { core } = parts
  const { headers, method, path, query } = request
  const operation = findRow(method, path)?.row
  const rateKey = operation ? { rateKey: operation.rateKey } : {}
  const fault = parts.faults.take({ method, path, ...(operation ? { operation: operation.id } : {}) })
  const at = core.clock.now()
  const listed = { method, path, at, headers, query, ...(operation ? { operation: operation.id } : {}) }
  const handle = (): Promise<Handled> =>
    handleExchange(core, parts.limits, { ...request, ...rateKey }).catch((error: unknown) => ({
      answer: ownFailure(error),
    }))

  const handled: Handled = !fault || isApplied(fault) ? await handle() : { answer: jsonAnswer(200) }
  const answer = fault ? (wrongAnswer(fault, path, at) ?? handled.answer) : handled.answer
  const connectionFault = fault !== undefined && wrongAnswer(fault, path, at) === undefined
  const cut = fault !== undefined && ['reset', 'fin', 'garbage'].includes(fault.kind)
  parts.note(
    listedRequest({
      ...listed,
      status: cut ? 0 : answer.status,
      ...(handled.body === undefined ? {} : { body: handled.body }),
      ...(handled.secretBody ? { secretBody: handled.secretBody } : {}),
      ...handled.notes,
      ...(fault ? { fault: fault.kind } : {}),
    }),
    handled.body === undefined ? 0 : request.raw.byteLength,
  )
  if (parts.latency > 0) await parts.late(parts.latency)
  if (connectionFault) await playConnectionFault(fault, answer, { response, raw: context.raw, wait: parts.wait })
  else write(response, answer)
}

function ownFailure(error: unknown) {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return jsonAnswer(500, {
    statusCode: 500,
    error: 'Internal Server Error',
    message: `The sandbox itself failed, which is a defect of tenantlab: ${reason}`,
  })
}

async function readRequest(incoming: IncomingMessage, secure: boolean): Promise<IncomingExchange> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MOST_BYTES) chunks.push(chunk)
  }
  const url = incoming.url ?? '/'
  const [path = '/', search = ''] = splitOnce(url, '?')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  return {
    method: incoming.method ?? 'GET',
    path,
    query: queryOf(search),
    headers,
    raw: Buffer.concat(chunks),
    secure,
    ip: incoming.socket.remoteAddress ?? '127.0.0.1',
  }
}

/** The parameters of a query string; those that repeat are one list, as if written with commas. */
function queryOf(search: string): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(search))
    query[name] = Object.hasOwn(query, name) ? `${query[name]},${value}` : value
  return query
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
