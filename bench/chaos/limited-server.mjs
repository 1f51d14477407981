import { createServer } from 'node:http'

/**
 * A server that limits as Auth0 does: buckets of `burst` requests that gain `perSecond` at the start of each second.
 * A hidden bucket is told by the 429 alone. `ahead` is how far its clock is before this machine's, in milliseconds.
 */
export async function limitedServer({ bucket, hidden, ahead = 0 }) {
  const buckets = [bucket, hidden].filter((each) => each !== undefined).map((each) => ({ ...each, left: each.burst }))
  const counted = { served: 0, refused: 0, othersServed: 0 }
  let second = Math.floor((Date.now() + ahead) / 1000)
  const server = createServer((request, response) => {
    request.resume()
    const now = Date.now() + ahead
    const passed = Math.floor(now / 1000) - second
    second += passed
    for (const each of buckets) each.left = Math.min(each.burst, each.left + passed * each.perSecond)
    const empty = buckets.find((each) => each.left < 1)
    if (empty === undefined) for (const each of buckets) each.left -= 1
    const shown = empty ?? buckets[0]
    const other = request.headers['x-other'] !== undefined
    if (empty !== undefined && !other) counted.refused += 1
    else if (empty === undefined) counted[other ? 'othersServed' : 'served'] += 1
    // A bucket that is refilled by halves says when the next whole request fits.
    const missing = shown.left < 1 ? Math.ceil((1 - shown.left) / shown.perSecond) : 1
    response.writeHead(empty === undefined ? 200 : 429, {
      'content-type': 'application/json',
      date: new Date(now).toUTCString(),
      'x-ratelimit-limit': String(shown.burst),
      'x-ratelimit-remaining': String(Math.floor(shown.left)),
      'x-ratelimit-reset': String(second + missing),
    })
    response.end(
      empty === undefined
        ? '{"id":"rol_1","name":"role"}'
        : '{"statusCode":429,"error":"Too Many Requests","message":"Global limit has been reached","errorCode":"too_many_requests"}',
    )
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    counted,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
