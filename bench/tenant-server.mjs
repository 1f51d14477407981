// A tenant with USERS users, and a bare server that stringifies the first 50 of them: `node tenant-server.mjs USERS`,
// forked. It tells its addresses and a token, and its CPU in milliseconds when it is asked.
import { createServer } from 'node:http'
import { sandbox } from 'tenantlab/sandbox'

const tenant = await sandbox({ seed: 'bench', users: Number(process.argv[2]), tls: false })
const { clientId, clientSecret, domain } = tenant.options
const asked = await fetch(`${tenant.url}/oauth/token`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    audience: `https://${domain}/api/v2/`,
  }),
})
const { access_token: token } = await asked.json()
const listed = await fetch(`${tenant.url}/api/v2/users?per_page=50`, { headers: { authorization: `Bearer ${token}` } })
const users = await listed.json()
const bare = createServer((request, reply) => {
  request.resume()
  reply.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(users))
}).listen(0, '127.0.0.1')
await new Promise((ready) => bare.once('listening', ready))

process.on('message', () => {
  const { system, user } = process.cpuUsage()
  process.send({ ms: (system + user) / 1000 })
})
process.send({ tenant: tenant.url, bare: `http://127.0.0.1:${bare.address().port}`, token })
