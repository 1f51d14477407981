import { randomBytes } from 'node:crypto'
import { giveClock, giveTenantState } from '../plan/index.ts'
import { ADMIN_PATH, createAdmin } from './admin/index.ts'
import { openData, readData } from './data/index.ts'
import {
  addressesOf,
  createCertificates,
  createFaults,
  createServe,
  givenCertificates,
  listenPlain,
  listenSecure,
  TenantDispatcher,
} from './http/index.ts'
import { createTenant } from './lab.ts'
import { createRateLimits } from './limits/index.ts'
import { checkOptions } from './options.ts'
import { createPage } from './page/index.ts'
import { hiddenWhenPrinted } from './printing.ts'
import { createDeliveries } from './streams/index.ts'
import { verifiedDomains } from './tenant/index.ts'
import { currentTotp } from './totp.ts'
import type { Sandbox, SandboxOptions, SandboxRequest, SandboxSnapshot } from './types.ts'

/** How many requests the list remembers, and how many bytes of bodies: a sandbox may run for days. */
const MOST_REQUESTS = 10_000
const MOST_REQUEST_BYTES = 32 * 1_048_576

/** What a tenant begins with, and what counts for nothing where its state was saved. */
const BEGINNING = ['from', 'users', 'days', 'empty'] as const
const NO_BEGINNING = Object.fromEntries(BEGINNING.map((name) => [name, undefined]))

/** Starts a tenant; `sandbox()` says more. */
export async function startTenant(options: SandboxOptions): Promise<Sandbox> {
  checkOptions(options)
  const limits = createRateLimits(options.rateLimit)
  const faults = createFaults()
  const requests: SandboxRequest[] = []
  const saved = options.data === undefined ? undefined : readData(options.data)
  const lab = createTenant(saved === undefined ? options : { ...options, ...NO_BEGINNING, from: saved })
  const idle = saved === undefined ? [] : BEGINNING.filter((name) => options[name] !== undefined)
  const { core } = lab
  // Started now and awaited where a token is signed, so that making the key overlaps with the rest of the start.
  const key = core.signingKeys.current()
  key.catch(() => undefined)
  const knows = (host: string): boolean => core.hostOf(host) !== undefined

  const pauses = new Set<() => void>()
  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        pauses.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      pauses.add(end)
    })
  // A clock that stands still moves by what its answers take, so that times can be told apart and stay the same.
  const late = (ms: number): Promise<void> => {
    const due = core.clock.now() + ms
    return wait(ms).then(() => core.clock.reach(due))
  }
  const sizes: number[] = []
  let held = 0
  const store = options.data === undefined ? undefined : openData(options.data, core, () => lab.snapshot())
  // What time brings about, such as a finished job, is written without a request.
  const keeping = store && setInterval(() => store.flush(), 1000).unref()
  const note = (request: SandboxRequest, size: number): void => {
    // Before the answer leaves: what a client was told has happened is on the disk.
    store?.flush()
    requests.push(request)
    sizes.push(size)
    held += size
    while (requests.length > MOST_REQUESTS || held > MOST_REQUEST_BYTES) {
      requests.shift()
      held -= sizes.shift() ?? 0
    }
  }
  const forgetRequests = (): void => {
    requests.length = 0
    sizes.length = 0
    held = 0
  }
  const main = lab.seed.clients[0]
  if (!main) throw new Error('The seed of the sandbox has no application; this is a defect of tenantlab.')
  const { outbox } = lab
  const page = createPage({ core, outbox, faults: faults.view, requests, limits, clientId: main.client_id })
  let state = {}
  const reset = (snapshot?: SandboxSnapshot): void => {
    lab.reset(snapshot)
    state = {}
    faults.view.clear()
    limits.reset()
    forgetRequests()
  }
  const admin = createAdmin({
    core,
    seed: lab.seed,
    outbox,
    faults: faults.view,
    requests,
    limits,
    token: options.adminToken ?? randomBytes(24).toString('base64url'),
    snapshot: () => lab.snapshot(),
    reset,
    forgetRequests,
    keep: () => store?.flush(),
  })
  const serve = admin.inFrontOf(
    page.inFrontOf(createServe({ core, limits, faults, note, wait, late, latency: options.latency ?? 0 })),
  )

  const secure = options.tls !== false
  const host = options.host ?? '127.0.0.1'
  const own = [
    core.domain,
    `*.${core.domain}`,
    ...verifiedDomains(core.tables),
    ...(options.hostNames ?? []),
    ...addressesOf(host),
  ]
  const given = typeof options.tls === 'object' ? options.tls : undefined
  const certificates = once(() => (given ? givenCertificates(given) : createCertificates(own)))
  const opened = await Promise.allSettled([
    listenPlain(host, secure ? (options.httpPort ?? 0) : (options.port ?? options.httpPort ?? 0), serve),
    secure ? listenSecure({ host, port: options.port ?? 0, certificates, own, knows, serve }) : undefined,
  ])
  const [plain, tls] = opened.map((each) => (each.status === 'fulfilled' ? each.value : undefined))
  const failed = opened.find((each) => each.status === 'rejected')
  if (plain === undefined || failed !== undefined) {
    // The port that did open would keep the process alive.
    page.close()
    clearInterval(keeping)
    core.clock.close()
    await Promise.all([plain?.close(), tls?.close()])
    store?.close()
    throw failed?.reason
  }
  const ca = async (): Promise<string> => (await certificates()).ca

  const address = plain.urlHost.replace(/^\[|\]$/g, '')
  const target = { address, httpPort: plain.port, ...(tls ? { httpsPort: tls.port, ca } : {}), knows }
  const url = `http://${plain.urlHost}:${plain.port}`
  const deliveries = createDeliveries(core)
  const dispatcher = new TenantDispatcher(target)
  giveClock(dispatcher, core.clock.client)
  giveTenantState(dispatcher, () => state)
  let closing: Promise<void> | undefined

  const tenant: Sandbox = {
    domain: core.domain,
    url,
    ...(tls ? { httpsUrl: `https://${tls.urlHost}:${tls.port}` } : {}),
    ca: tls ? ca : noAuthority,
    options: hiddenWhenPrinted(
      {
        domain: core.domain,
        clientId: main.client_id,
        clientSecret: main.client_secret,
        dispatcher,
        clock: core.clock.client,
      },
      (each) => ({ domain: each.domain, clientId: each.clientId, clientSecret: each.clientSecret }),
    ),
    seed: lab.seed,
    skipped:
      idle.length === 0
        ? lab.skipped
        : [`${idle.join(', ')}: the state in ${options.data} counts, which was there already.`],
    outbox: lab.outbox,
    clock: core.clock,
    faults: faults.view,
    requests,
    totp: (secret) => currentTotp(secret, core.clock.now()),
    snapshot: () => lab.snapshot(),
    reset,
    admin: hiddenWhenPrinted({ url: `${url}${ADMIN_PATH}`, token: admin.token }, (each) => ({
      url: each.url,
    })),
    close() {
      closing ??= (async () => {
        for (const end of pauses) end()
        page.close()
        deliveries.close()
        clearInterval(keeping)
        core.clock.close()
        await Promise.all([plain.close(), tls?.close(), dispatcher.destroy()])
        store?.close()
      })()
      return closing
    },
  }
  return hiddenWhenPrinted(tenant, (each) => ({
    domain: each.domain,
    url: each.url,
    ...(each.httpsUrl ? { httpsUrl: each.httpsUrl } : {}),
    clientId: each.options.clientId,
    requests: each.requests.length,
    outbox: each.outbox.length,
  }))
}

/** A task that is done when it is first asked for, and once. */
function once<T>(task: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => {
    done ??= task()
    return done
  }
}

function noAuthority(): Promise<string> {
  return Promise.reject(new Error('This sandbox runs without TLS, so it has no certificate. Leave tls: false out.'))
}
