import { ConfigurationError } from '../plan/index.ts'
import type { Transport } from '../wire/index.ts'
import { fetchTransport } from './fetch.ts'
import { ownTransport, type ReplyFunction } from './own.ts'
import { type Dispatcher, undiciTransport } from './undici.ts'

/** The options of `connect()` that choose a transport. */
export interface TransportOptions {
  readonly transport?: 'undici' | 'fetch' | ReplyFunction
  readonly dispatcher?: Dispatcher
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
        'connect(): the option dispatcher is no undici dispatcher. Give an Agent, a Pool, a MockAgent or the like, or leave it out.',
      )
    }
    if (transport !== 'undici') {
      throw new ConfigurationError(
        'connect(): dispatcher counts for the undici transport only. Leave out either dispatcher or transport.',
      )
    }
  }
  if (typeof transport === 'function') return ownTransport(transport)
  if (transport === 'fetch') return fetchTransport()
  if (transport === 'undici') return undiciTransport(dispatcher === undefined ? {} : { dispatcher })
  throw new ConfigurationError(
    `connect(): transport is ${JSON.stringify(transport)}. Give "undici", "fetch" or a function that takes the request.`,
  )
}
