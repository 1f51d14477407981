import { bundledImport } from '../plan/index.ts'
import type { HttpRequest, Transport } from '../wire/index.ts'
import { MAX_ANSWER_SIZE } from './network-error.ts'
import { ReplyHandler } from './undici-handler.ts'

/** An undici dispatcher, typed structurally so that no undici type is needed to read this package. */
export interface Dispatcher {
  dispatch(options: object, handler: object): boolean | undefined
}

type Undici = typeof import('undici')

let loaded: Undici | undefined
let loading: Promise<Undici> | undefined
let proxies: Dispatcher | undefined

/**
 * Sends requests over undici, straight through `dispatch`. undici is loaded with the first request; from then on a
 * request starts within `subscribe`.
 *
 * Without a custom dispatcher it is the global one as it is at each request, so that what tests put there counts;
 * where `HTTPS_PROXY` is set and nobody replaced the global one, it is undici's `EnvHttpProxyAgent`.
 */
export function undiciTransport(
  options: { readonly dispatcher?: Dispatcher; readonly maxAnswerSize?: number } = {},
): Transport {
  const { dispatcher, maxAnswerSize = MAX_ANSWER_SIZE } = options
  return (request) => ({
    subscribe(observer) {
      const handler = new ReplyHandler(request, observer, maxAnswerSize)
      const own = dispatcher ?? (loaded === undefined ? undefined : globalDispatcher(loaded))
      if (own !== undefined) send(own, request, handler)
      else {
        load().then(
          (undici) => {
            if (handler.open) send(globalDispatcher(undici), request, handler)
          },
          (error: unknown) => handler.fail(error),
        )
      }
      return handler
    },
  })
}

function send(dispatcher: Dispatcher, request: HttpRequest, handler: ReplyHandler): void {
  const { url, method, headers, body } = request
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  const origin = slash === -1 ? url : url.slice(0, slash)
  const path = slash === -1 ? '/' : url.slice(slash)
  // A stream of events may be silent for as long as it likes.
  const options =
    request.stream === true
      ? { origin, path, method, headers, body, bodyTimeout: 0 }
      : { origin, path, method, headers, body }
  try {
    dispatcher.dispatch(options, handler)
  } catch (error) {
    handler.fail(error)
  }
}

function load(): Promise<Undici> {
  loading ??= bundledImport(() => import('undici')).then((undici) => {
    loaded = undici
    return undici
  })
  return loading
}

function globalDispatcher(undici: Undici): Dispatcher {
  const current = undici.getGlobalDispatcher() as unknown as Dispatcher
  if (!usesProxy() || current.constructor.name !== 'Agent') return current
  proxies ??= new undici.EnvHttpProxyAgent() as unknown as Dispatcher
  return proxies
}

function usesProxy(): boolean {
  return Boolean(process.env.https_proxy || process.env.HTTPS_PROXY)
}
