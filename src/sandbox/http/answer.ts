import type { Json } from '../../plan/index.ts'
import type { StreamedBody } from '../contract.ts'

/** An answer ready to be written on a socket. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** In place of a body: what comes about while the client listens. */
  readonly stream?: StreamedBody
}

/** A JSON answer; without a value, an empty body. */
export function jsonAnswer(status: number, value?: Json, headers: Readonly<Record<string, string>> = {}): Answer {
  if (value === undefined) return { status, headers, body: Buffer.alloc(0) }
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return { status, headers: { ...type, ...headers }, body: Buffer.from(JSON.stringify(value)) }
}

/** A text answer of any type. */
export function textAnswer(
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { 'content-type': type, ...headers }, body: Buffer.from(text) }
}
