// What the embedded tenant costs as it grows, beside a bare server that sends the same, and how soon it answers.
import { fork, spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure, median } from './child.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const ROUNDS = 5
const CREATES = 100_000

/** A tenant with that many users and the bare server beside it, in a process of their own; `ask` sends it a word. */
async function served(users) {
  const server = fork(join(here, 'tenant-server.mjs'), [String(users)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const answer = () =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`bench/tenant-server.mjs ended with ${code}.`))
      server.once('exit', ended)
      server.once('message', (message) => {
        server.off('exit', ended)
        resolve(message)
      })
    })
  const addresses = await answer()
  const ask = (word) => {
    const said = answer()
    server.send(word)
    return said
  }
  return { ...addresses, ask, end: () => server.kill() }
}

/** Lists of 50 users per second, with 10 connections, beside the bare server's. */
async function lists(users, least) {
  const { bare, end, tenant, token } = await served(users)
  try {
    const rates = { tenant: [], bare: [] }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, url] of Object.entries({ tenant, bare }))
        rates[name].push((await measure('tenant-one.mjs', 'list', url, token)).perSecond)
    }
    const what = `a list of 50 of ${users.toLocaleString('en')} users`
    return {
      what,
      ours: median(rates.tenant),
      theirs: median(rates.bare),
      unit: '/s',
      against: 'bare node:http',
      least,
    }
  } finally {
    end()
  }
}

/** CPU of the tenant for each user that is made. */
async function creates() {
  const { ask, end, tenant, token } = await served(5)
  try {
    const before = await ask('cpu')
    await measure('tenant-one.mjs', 'create', tenant, token, CREATES)
    const ours = ((await ask('cpu')).ms - before.ms) / CREATES
    return { what: `each of ${CREATES.toLocaleString('en')} creates of a user`, ours, unit: 'ms CPU', most: 1 }
  } finally {
    end()
  }
}

/** From the start of the command to its first answer. */
async function commandStart() {
  const start = performance.now()
  const child = spawn(process.execPath, [join(here, '../dist/cli.js'), 'sandbox', '--http-only', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let text = ''
    for await (const chunk of child.stdout) {
      text += chunk
      const url = /"(http:\/\/127\.0\.0\.1:\d+)"/.exec(text)?.[1]
      if (url === undefined) continue
      await (await fetch(`${url}/health`)).text()
      return performance.now() - start
    }
    throw new Error(`tenantlab sandbox said no address: ${text}`)
  } finally {
    child.kill()
  }
}

async function starts() {
  const command = []
  const inProcess = []
  for (let round = 0; round < ROUNDS; round += 1) {
    command.push(await commandStart())
    inProcess.push((await measure('tenant-one.mjs', 'start')).ms)
  }
  return [
    { what: 'tenantlab sandbox, to its first answer', ours: median(command), unit: 'ms', most: 500 },
    { what: 'sandbox() in a process that had one, to its first answer', ours: median(inProcess), unit: 'ms', most: 20 },
  ]
}

export async function tenantFigures() {
  return [await lists(10_000, 0.4), await lists(100_000, 0.2), await creates(), ...(await starts())]
}
