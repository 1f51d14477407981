// Runs snippets one after the other, each on a tenant of its own; tells those that fail, and any secret that one prints.
import { connect, MfaRequiredError } from 'tenantlab'
import { sandbox } from 'tenantlab/sandbox'
import { give } from './given.mjs'

const printed = []
const write = process.stdout.write.bind(process.stdout)
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text, ...rest) => {
    printed.push(String(text))
    rest.find((each) => typeof each === 'function')?.()
    return true
  }
}
let current = ''
const fail = (error) =>
  write(
    `FAILED ${current} ${String(error?.stack ?? error)
      .split('\n')
      .slice(0, 3)
      .join(' | ')}\n`,
  )
process.on('uncaughtException', fail)
let ran = 0
for (const index of process.argv.slice(2)) {
  current = index
  const tenant = await sandbox()
  const auth0 = connect(tenant.options)
  const [person] = tenant.seed.users
  const login = await auth0.login.password({ username: person.email, password: person.password }).run().outcome()
  const required = login.status === 'error' && login.error instanceof MfaRequiredError
  give({ tenant, auth0, mfaToken: required ? login.error.mfaToken : undefined })
  printed.length = 0
  try {
    await Promise.race([
      import(`./${index}.mjs`),
      new Promise((_, reject) => setTimeout(() => reject(new Error('did not end within 20 s')), 20_000).unref()),
    ])
    // What a snippet only subscribes to goes on when its last line is over.
    for (let asked = -1, quiet = 0; quiet < 3; ) {
      quiet = asked === tenant.requests.length ? quiet + 1 : 0
      asked = tenant.requests.length
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    ran += 1
  } catch (error) {
    fail(error)
  }
  const text = printed.join('')
  for (const secret of [tenant.options.clientSecret, person.password]) {
    if (text.includes(secret)) write(`FAILED ${index} SECRET SHOWN\n`)
  }
  await tenant.close().catch(() => {})
}
write(`RAN ${ran}\n`)
process.exit(0)
