/** What is told once in a process. */
const told = new Set<string>()

/**
 * Tells, once in a process, what goes another way than its reader may think: requests over undici pass by a `fetch` that a
 * test has patched, and Node's own `fetch` passes by a proxy.
 */
export function tellDetours(transport: 'undici' | 'fetch'): void {
  // What replaced the global dispatcher, such as nock or a proxy agent, is met by both.
  if (isDispatcherReplaced()) return
  if (transport === 'undici') {
    if (isFetchPatched()) {
      tell(
        'TENANTLAB_PATCHED_FETCH',
        'connect(): the global fetch is patched, as MSW does, and the requests of this session go over undici, which does ' +
          "not see that: they reach the real tenant. Connect with transport: 'fetch' where the patch is to answer, or give a dispatcher.",
      )
    }
  } else if (usesProxy() && !isFetchPatched()) {
    tell(
      'TENANTLAB_FETCH_PROXY',
      `connect(): HTTPS_PROXY is set, and fetch of Node ${process.versions.node} does not use it. Leave transport out, since ` +
        'undici uses it; or start Node 24 with NODE_USE_ENV_PROXY=1.',
    )
  }
}

/** Whether the environment names a proxy for HTTPS. */
export function usesProxy(): boolean {
  return Boolean(process.env.https_proxy || process.env.HTTPS_PROXY)
}

function tell(code: string, message: string): void {
  if (told.has(code)) return
  told.add(code)
  process.emitWarning(message, { type: 'TenantlabWarning', code })
}

/** Node's own fetch, and undici's, hand over to undici under these names. */
const OWN_FETCH = /\bfetchImpl\b|undici/i

function isFetchPatched(): boolean {
  const { fetch } = globalThis as { fetch?: unknown }
  return typeof fetch === 'function' && !OWN_FETCH.test(Function.prototype.toString.call(fetch))
}

/** What undici installs unasked: its agent, and since version 8 a wrapper of it in the place that older versions read. */
const OWN_DISPATCHERS = new Set(['Agent', 'Dispatcher1Wrapper'])

function isDispatcherReplaced(): boolean {
  return ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].some((place) => {
    const dispatcher = (globalThis as Record<symbol, object | undefined>)[Symbol.for(place)]
    return dispatcher !== undefined && !OWN_DISPATCHERS.has(dispatcher.constructor.name)
  })
}
