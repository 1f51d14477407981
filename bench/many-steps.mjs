// A runbook of many steps with its journal in a file: node bench/many-steps.mjs run|resume FOLDER STEPS
// `run` tells memory and CPU; `resume` continues its journal, in which all of them are done.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from '../dist/index.js'
import { defineRunbook, runRunbook } from '../dist/runbook.js'

const [way, folder, steps] = process.argv.slice(2)
const COUNT = Number(steps)
const journal = join(folder, 'steps.jsonl')
const body = JSON.stringify({ user_id: 'auth0|1', blocked: true })
const auth0 = connect({
  domain: 'steps.example.com',
  token: 'token',
  rateLimit: false,
  transport: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body }),
})
const runbook = defineRunbook({
  name: 'steps',
  async *steps({ auth0: session, step }) {
    const ids = Array.from({ length: COUNT }, (_, at) => `auth0|${at}`)
    const updates = session
      .users('auth0|1')
      .get()
      .map(() => ids)
      .each((id) => session.users(id).update({ blocked: true }), { concurrency: 20 })
    yield* step('block', updates)
    if (way === 'run') throw new Error('cut off')
  },
})
// What an empty run takes is not what a step takes.
let most = 0
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss)
}, 50)
const start = performance.now()
const before = process.cpuUsage()
const { summary } = await runRunbook(runbook, auth0, { journal, again: true })
const { user, system } = process.cpuUsage(before)
const ms = performance.now() - start
clearInterval(watch)
most = Math.max(most, process.memoryUsage().rss)
const lines = existsSync(journal) ? readFileSync(journal).reduce((sum, byte) => sum + (byte === 10 ? 1 : 0), 0) : 0
const { written, recorded } = summary
console.log(
  JSON.stringify({ ms, cpu: (user + system) / 1000 / COUNT, mb: most / 1024 / 1024, lines, written, recorded }),
)
process.exit(0)
