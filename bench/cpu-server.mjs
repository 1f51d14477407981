// Answers every request with the same user and the headers that Auth0 sends, straight from the socket: the server must
// not be the limit.
import { createServer } from 'node:net'

const user = JSON.stringify({
  user_id: 'auth0|1',
  email: 'user@example.com',
  email_verified: true,
  name: 'user@example.com',
  nickname: 'user',
  picture: `https://example.com/${'p'.repeat(60)}.png`,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  identities: [{ connection: 'Username-Password-Authentication', user_id: '1', provider: 'auth0', isSocial: false }],
  app_metadata: { plan: 'full', notes: 'n'.repeat(300) },
  user_metadata: { theme: 'dark', language: 'en' },
  last_login: '2026-01-01T00:00:00.000Z',
  logins_count: 12,
})
// What does not change from one request to the next; the rest is written once a second.
const fixed = [
  'content-type: application/json; charset=utf-8',
  `content-length: ${Buffer.byteLength(user)}`,
  'connection: keep-alive',
  'cf-ray: 8f0000000000abcd-FRA',
  'cf-cache-status: DYNAMIC',
  'cache-control: no-cache',
  'vary: origin,accept-encoding',
  'strict-transport-security: max-age=31536000; includeSubDomains',
  'x-content-type-options: nosniff',
  'x-ratelimit-limit: 100000',
  'x-ratelimit-remaining: 99950',
].join('\r\n')
let second = 0
let reply = Buffer.alloc(0)

function answer() {
  const now = Math.floor(Date.now() / 1000)
  if (now === second) return reply
  second = now
  const date = `date: ${new Date(now * 1000).toUTCString()}`
  const id = `x-request-id: ${now.toString(16).padStart(32, '0')}`
  const reset = `x-ratelimit-reset: ${now + 1}`
  reply = Buffer.from(`HTTP/1.1 200 OK\r\n${fixed}\r\n${date}\r\n${id}\r\n${reset}\r\n\r\n${user}`)
  return reply
}

const server = createServer((socket) => {
  let rest = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1')
    for (let end = rest.indexOf('\r\n\r\n'); end !== -1; end = rest.indexOf('\r\n\r\n')) {
      rest = rest.slice(end + 4)
      socket.write(answer())
    }
  })
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit(0))
