import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { setTimeout as pauseFor } from 'node:timers/promises'

/** How a delivery went. */
export type Posted =
  | { readonly ok: true }
  /** `final` when another try can change nothing. */
  | { readonly ok: false; readonly reason: string; readonly final: boolean }

const LOOPBACK = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/
const PATIENCE = 10_000

/**
 * Posts a body to an address on loopback. The receiver is on this machine, so its certificate may be one that nobody
 * has signed; other addresses are never asked, since a tenant of a test must not send data away.
 * @param pause real milliseconds to wait first
 */
export async function post(
  address: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  pause: number,
  signal: AbortSignal,
): Promise<Posted> {
  if (!URL.canParse(address)) return { ok: false, reason: `${address} is not a URL.`, final: true }
  const url = new URL(address)
  if (!LOOPBACK.test(url.hostname)) {
    const reason = `The embedded tenant delivers to loopback only, and ${url.hostname} is another machine.`
    return { ok: false, reason, final: true }
  }
  if (pause > 0) await pauseFor(pause, undefined, { signal, ref: false })
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? secureRequest : plainRequest
    const sent = send(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'tenantlab' },
        rejectUnauthorized: false,
        timeout: PATIENCE,
        agent: false,
        signal,
      },
      (answer) => {
        answer.resume()
        const { statusCode: status = 0 } = answer
        const fine = status >= 200 && status < 300
        resolve(fine ? { ok: true } : { ok: false, reason: `The receiver answered ${status}.`, final: false })
      },
    )
    sent.on('timeout', () => sent.destroy(new Error('The receiver did not answer in time.')))
    sent.on('error', (error) => resolve({ ok: false, reason: error.message, final: signal.aborted }))
    sent.end(body)
  })
}
