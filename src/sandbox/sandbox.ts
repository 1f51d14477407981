import {
  createCertificates,
  createDispatcher,
  createFaults,
  createServe,
  listenPlain,
  listenSecure,
} from './http/index.ts'
import { createTenant } from './lab.ts'
import { createRateLimits } from './limits/index.ts'
import { createPage } from './page/index.ts'
import { hiddenWhenPrinted } from './printing.ts'
import { hostOf, verifiedDomains } from './tenant/index.ts'
import { currentTotp } from './totp.ts'
import type { Sandbox, SandboxOptions, SandboxRequest } from './types.ts'

/** How many requests the list remembers, and how many bytes of bodies: a sandbox may run for days. */
const MOST_REQUESTS = 10_000
const MOST_REQUEST_BYTES = 32 * 1_048_576

/**
 * Starts a local tenant that speaks Auth0's Authentication, MFA and Management API over real HTTP and HTTPS sockets on
 * loopback. Connect to it with `connect(tenant.options)`, and end it with `close()`.
 *
 * @param options everything is optional; see `SandboxOptions`
 * @returns the running tenant
 * @throws when a port that was asked for is taken, or an option makes no sense
 */
export async function sandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const limits = createRateLimits(options.rateLimit)
  const faults = createFaults()
  const requests: SandboxRequest[] = []
  const lab = createTenant(options)
  const { core } = lab
  // Started now and awaited where a token is signed, so that making the key overlaps with the rest of the start.
  const key = core.signingKey()
  key.catch(() => undefined)
  const knows = (host: string): boolean => hostOf(host, core.domain, core.tables) !== undefined

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
  const sizes: number[] = []
  let held = 0
  const note = (request: SandboxRequest, size: number): void => {
    requests.push(request)
    sizes.push(size)
    held += size
    while (requests.length > MOST_REQUESTS || held > MOST_REQUEST_BYTES) {
      requests.shift()
      held -= sizes.shift() ?? 0
    }
  }
  const main = lab.seed.clients[0]
  if (!main) throw new Error('The seed of the sandbox has no application; this is a defect of tenantlab.')
  const { outbox } = lab
  const page = createPage({ core, outbox, faults: faults.view, requests, limits, clientId: main.client_id })
  const serve = page.inFrontOf(createServe({ core, limits, faults, note, wait }))

  const secure = options.tls !== false
  const own = [core.domain, `*.${core.domain}`, ...verifiedDomains(core.tables)]
  const [plain, tls] = await Promise.all([
    listenPlain(secure ? (options.httpPort ?? 0) : (options.port ?? options.httpPort ?? 0), serve),
    secure ? listenWithTls(options.port ?? 0) : undefined,
  ])
  async function listenWithTls(port: number) {
    const certificates = await createCertificates(own)
    return { ca: certificates.ca, ...(await listenSecure(port, certificates, own, knows, serve)) }
  }

  const target = { httpPort: plain.port, ...(tls ? { httpsPort: tls.port, ca: tls.ca } : {}), knows }
  const dispatcher = createDispatcher(target)
  let closing: Promise<void> | undefined

  const tenant: Sandbox = {
    domain: core.domain,
    url: `http://127.0.0.1:${plain.port}`,
    ...(tls ? { httpsUrl: `https://127.0.0.1:${tls.port}`, ca: tls.ca } : {}),
    options: hiddenWhenPrinted(
      {
        domain: core.domain,
        clientId: main.client_id,
        clientSecret: main.client_secret,
        dispatcher: dispatcher as unknown as Sandbox['options']['dispatcher'],
        clock: core.clock.client,
      },
      (each) => ({ domain: each.domain, clientId: each.clientId, clientSecret: each.clientSecret }),
    ),
    seed: lab.seed,
    outbox: lab.outbox,
    clock: core.clock,
    faults: faults.view,
    requests,
    totp: (secret) => currentTotp(secret, core.clock.now()),
    snapshot: () => lab.snapshot(),
    reset(snapshot) {
      lab.reset(snapshot)
      faults.view.clear()
      limits.reset()
      requests.length = 0
      sizes.length = 0
      held = 0
    },
    close() {
      closing ??= (async () => {
        for (const end of pauses) end()
        page.close()
        core.clock.close()
        await Promise.all([plain.close(), tls?.close(), dispatcher.destroy()])
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
