// Loaded into a kernel before tslab: writes a line for each request that undici or Node's own fetch sends.
const { appendFileSync } = require('node:fs')
const { subscribe } = require('node:diagnostics_channel')

subscribe('undici:request:create', ({ request }) => {
  const { method, path, headers, body, origin } = request
  const list = Array.isArray(headers)
    ? headers
    : String(headers)
        .split('\r\n')
        .flatMap((line) => line.split(/: (.*)/s).slice(0, 2))
  const named = { host: new URL(String(origin)).host }
  for (let at = 0; at + 1 < list.length; at += 2) named[String(list[at]).toLowerCase()] = String(list[at + 1])
  const text =
    typeof body === 'string' || Buffer.isBuffer(body) || body instanceof Uint8Array
      ? Buffer.from(body).toString()
      : undefined
  appendFileSync(process.env.RECORDED_REQUESTS, `${JSON.stringify({ method, path, headers: named, text })}\n`)
})
