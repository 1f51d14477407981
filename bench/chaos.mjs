// Breaks things on purpose and counts what came of it: node bench/chaos.mjs [--short] [scenario …]. Every row says what
// was counted, what is allowed and whether it held; exits 1 when one did not. All on loopback.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const scenarios = ['mixed', 'limiter', 'tail', 'million', 'tenants']
const given = process.argv.slice(2)
const short = given.includes('--short')
const wanted = given.filter((each) => each !== '--short')
const unknown = wanted.filter((each) => !scenarios.includes(each))
if (unknown.length > 0) {
  console.error(`There is no scenario ${unknown.join(', ')}. Use --short or any of ${scenarios.join(', ')}.`)
  process.exit(64)
}

let missed = 0
for (const name of wanted.length > 0 ? wanted : scenarios) {
  const started = performance.now()
  const { title, rows } = await inChild(name)
  console.log(`${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  for (const { what, count, allowed, note } of rows) {
    const held = count >= (allowed.least ?? 0) && count <= (allowed.most ?? Number.POSITIVE_INFINITY)
    if (!held) missed += 1
    const bounds = [
      allowed.least === undefined ? '' : `at least ${allowed.least}`,
      allowed.most === undefined ? '' : `at most ${allowed.most}`,
    ]
    const bound = bounds.filter((each) => each !== '').join(', ')
    const told = bound === '' ? 'counted' : `${bound}: ${held ? 'held' : 'MISSED'}`
    console.log(`  ${what.padEnd(58)} ${String(count).padStart(9)}  ${told}${note ? `  (${note})` : ''}`)
  }
}
console.log(missed === 0 ? 'Everything held.' : `${missed} rows missed what is allowed.`)
process.exitCode = missed === 0 ? 0 : 1

/** A scenario has a process of its own, so that its memory and its sockets are its own. */
function inChild(name) {
  return new Promise((resolve, reject) => {
    const environment = Object.entries(process.env).filter(([key]) => !/^(AUTH0|TENANTLAB)_/.test(key))
    const child = fork(fileURLToPath(new URL('chaos/one.mjs', import.meta.url)), [name, String(short)], {
      env: Object.fromEntries(environment),
      execArgv: ['--expose-gc'],
    })
    let result
    child.once('message', (message) => {
      result = message
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0 && result !== undefined) resolve(result)
      else reject(new Error(`The scenario ${name} ended with ${code}.`))
    })
  })
}
