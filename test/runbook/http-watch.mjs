// Preloaded into a process whose embedded tenants a test cannot reach: writes each request that an HTTP server of the
// process gets as a line into the file REQUESTS_SEEN.
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'

const file = process.env.REQUESTS_SEEN
if (file !== undefined) {
  subscribe('http.server.request.start', ({ request }) => {
    appendFileSync(file, `${JSON.stringify({ method: request.method, path: request.url.split('?')[0] })}\n`)
  })
}
