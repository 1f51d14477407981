// One life of a runbook of fifty steps, in a process of its own: it goes on with the journal that it is given, or, after
// `undo`, takes back what that one records. The exit code is the run's. Hundreds of these live and die in one test, so that
// what they send goes the shortest way, without TLS.
import { request as httpRequest } from 'node:http'
import process from 'node:process'
import { connect } from '../../dist/index.js'
import { defineRunbook, doneWhen, runRunbook, undoRun } from '../../dist/runbook.js'

const [verb, journal] = process.argv.slice(2)

const fifty = defineRunbook({
  name: 'fifty',
  async *steps({ auth0, step }) {
    for (let i = 0; i < 25; i += 1) {
      const name = `Job ${i}`
      const client = yield* step(`create ${name}`, auth0.clients.create({ name, app_type: 'non_interactive' }), {
        doneWhen: doneWhen(auth0.clients.list({}).all(), { name }),
        undo: ({ result }) => auth0.clients(String(result.client_id)).delete(),
      })
      yield* step(`describe ${name}`, auth0.clients(String(client.client_id)).update({ description: `number ${i}` }))
    }
  },
})

const { LIFE_URL: url, LIFE_DOMAIN: domain, AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret } = process.env

function transport({ method, url: asked, headers, body }) {
  const { pathname, search, host } = new URL(asked)
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}${pathname}${search}`, { method, headers: { ...headers, host } }, (answer) => {
      const pieces = []
      answer.on('data', (piece) => pieces.push(piece))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: String(Buffer.concat(pieces)) }),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

const session = connect({ domain, clientId, clientSecret, transport, retry: false, rateLimit: false })
const result = verb === 'undo' ? await undoRun(journal, session) : await runRunbook(fifty, session, { journal })
if (result.error !== undefined) process.stderr.write(`${result.error}\n`)
process.exitCode = result.exitCode
