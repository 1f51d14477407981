// Answers every request with the same user, straight from the socket: the server must not be the limit.
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
const reply = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(user)}\r\n\r\n${user}`,
)

const server = createServer((socket) => {
  let rest = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1')
    for (let end = rest.indexOf('\r\n\r\n'); end !== -1; end = rest.indexOf('\r\n\r\n')) {
      rest = rest.slice(end + 4)
      socket.write(reply)
    }
  })
})
server.listen(0, '127.0.0.1', () => process.send(server.address().port))
process.on('disconnect', () => process.exit(0))
