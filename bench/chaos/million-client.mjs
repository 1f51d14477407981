// The client of million.mjs: reads and writes by turns over plain connections.
import { Pool } from 'undici'
import { inPool } from './pool.mjs'

const [url, domain, text, user] = process.argv.slice(2)
const count = Number(text)
const token = await new Promise((resolve) => process.once('message', resolve))
const pool = new Pool(url, { connections: 20 })
const headers = { host: domain, authorization: `Bearer ${token}`, 'content-type': 'application/json' }
let done = 0
let wrong = 0
await inPool(count, 20, async (index) => {
  const write = index % 2 === 0
  const { statusCode, body } = await pool.request({
    path: `/api/v2/users/${encodeURIComponent(user)}`,
    method: write ? 'PATCH' : 'GET',
    headers,
    body: write ? JSON.stringify({ user_metadata: { round: index } }) : undefined,
  })
  const answer = await body.json()
  if (statusCode !== 200 || answer.user_id !== user) wrong += 1
  done += 1
  if (done % (count / 20) === 0) process.send({ done, wrong })
})
await pool.close()
process.disconnect()
