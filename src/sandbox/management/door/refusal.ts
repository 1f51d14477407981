import { STATUS_CODES } from 'node:http'
import type { Json } from '../../../plan/index.ts'
import type { ManagementReply } from '../../contract.ts'

/** Thrown at the front door to answer with an error body of the Management API. */
export class FrontDoorRefusal extends Error {
  readonly reply: ManagementReply

  constructor(
    status: number,
    message: string,
    more: {
      readonly errorCode?: string
      readonly headers?: Readonly<Record<string, string>>
      readonly attributes?: Json
    } = {},
  ) {
    super(message)
    const { errorCode, headers, attributes } = more
    const error = STATUS_CODES[status] ?? 'Error'
    const body = {
      statusCode: status,
      error,
      message,
      ...(attributes === undefined ? {} : { attributes }),
      ...(errorCode === undefined ? {} : { errorCode }),
    }
    this.reply = { status, body, ...(headers ? { headers } : {}) }
  }
}
