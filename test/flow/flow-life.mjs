// One life of a flow with a journal, in a process of its own: it goes on with the journal that it is given. The exit code is
// 0 where it ended, 3 where a person must decide.
import { request as httpRequest } from 'node:http'
import process from 'node:process'
import { all, connect } from '../../dist/index.js'

const [way, journal] = process.argv.slice(2)
const { LIFE_URL: url, LIFE_DOMAIN: domain, AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret } = process.env

function transport({ method, url: asked, headers, body }) {
  const { pathname, search, host } = new URL(asked)
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}${pathname}${search}`, { method, headers: { ...headers, host } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text }))
      answer.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

const auth0 = connect({ domain, clientId, clientSecret, transport, retry: false })
const block = () =>
  auth0.users
    .every({}, { settle: 0 })
    .each((user) => auth0.users(user.user_id).update({ blocked: true }), { concurrency: 3 })
const flows = {
  each: () =>
    auth0.roles
      .create({ name: 'made' })
      .andThen((role) => auth0.roles(role.id).update({ description: 'x' }))
      .andThen(block),
  all: () =>
    all({
      block: block(),
      role: auth0.roles.create({ name: 'made' }).andThen((role) => auth0.roles(role.id).update({ description: 'x' })),
    }),
}
try {
  await flows[way]().run({ journal })
} catch (error) {
  process.exitCode = error?.kind === 'decision' ? 3 : 1
  if (process.exitCode === 1) console.error(error)
}
