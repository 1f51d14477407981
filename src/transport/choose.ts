import { ConfigurationError } from '../plan/index.ts'
import type { Transport } from '../wire/index.ts'
import { fetchTransport } from './fetch.ts'
import { ownTransport, type ReplyFunction } from './own.ts'
import { tellDetours } from './surroundings.ts'
import { type Dispatcher, undiciTransport } from './undici.ts'

/** One transport: undici, fetch, or a function that gives the reply of a request. */
export type TransportChoice = 'undici' | 'fetch' | ReplyFunction

/** A transport for each of the two APIs; undici for the one that is left out. */
export interface TransportPerApi {
  readonly management?: TransportChoice
  readonly authentication?: TransportChoice
}

/** The options of `connect()` that choose a transport. */
export interface TransportOptions {
  readonly transport?: TransportChoice | TransportPerApi
  readonly dispatcher?: Dispatcher
  /** Most bytes of one answer. */
  readonly maxAnswerSize?: number
}

/**
 * The transport that the options of `connect()` ask for; undici when they ask for none.
 *
 * @throws ConfigurationError for options that do not fit together.
 */
export function toTransport(options: TransportOptions = {}): Transport {
  const { transport = 'undici', dispatcher } = options
  if (dispatcher !== undefined) {
    if (typeof dispatcher?.dispatch !== 'function') {
      throw new ConfigurationError(
        'connect(): the option dispatcher is not an undici dispatcher. Give an Agent, a Pool, a MockAgent or the like, or leave it out.',
      )
    }
    if (transport !== 'undici') {
      throw new ConfigurationError(
        'connect(): dispatcher counts for the undici transport only. Leave out either dispatcher or transport.',
      )
    }
  }
  if (!isPerApi(transport)) return chosen(transport, options)
  const unknown = Object.keys(transport).find((name) => name !== 'management' && name !== 'authentication')
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `connect(): transport has a member ${JSON.stringify(unknown)}. Give { management, authentication }, either of them or both.`,
    )
  }
  const management = chosen(transport.management ?? 'undici', options)
  const authentication = chosen(transport.authentication ?? 'undici', options)
  return (request) => (isManagement(request.url) ? management : authentication)(request)
}

function chosen(transport: TransportChoice, { dispatcher, maxAnswerSize }: TransportOptions): Transport {
  const limit = maxAnswerSize === undefined ? {} : { maxAnswerSize }
  if (typeof transport === 'function') return ownTransport(transport, maxAnswerSize)
  if ((transport === 'fetch' || transport === 'undici') && dispatcher === undefined) tellDetours(transport)
  if (transport === 'fetch') return fetchTransport(limit)
  if (transport === 'undici') return undiciTransport({ ...limit, ...(dispatcher !== undefined && { dispatcher }) })
  throw new ConfigurationError(
    `connect(): transport is ${JSON.stringify(transport)}. Give "undici", "fetch" or a function that takes the request.`,
  )
}

function isPerApi(transport: TransportOptions['transport']): transport is TransportPerApi {
  return typeof transport === 'object' && transport !== null
}

function isManagement(url: string): boolean {
  return url.startsWith('/api/v2/', url.indexOf('/', url.indexOf('://') + 3))
}
