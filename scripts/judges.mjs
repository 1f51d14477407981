// `npm run judges`, or `npm run judges -- NAME…` for some: lets official and independent clients judge the embedded tenant, and writes docs/judges.json, which
// scripts/supported.mjs turns into a table. A check is green, later (a feature that the tenant leaves for later) or red.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './child.mjs'
import { ensure, script } from './ensure.mjs'
import { judges, judgesFile } from './judges/list.mjs'

await script(async () => {
  await ensure()
  const asked = process.argv.slice(2)
  const chosen = judges.filter(({ name }) => asked.length === 0 || asked.some((part) => name.includes(part)))
  if (chosen.length === 0) throw new Error(`No judge has a name with ${asked.join(' or ')} in it.`)
  const files = readdirSync(join(root, 'test', 'judges')).filter((name) => name.endsWith('.test.ts'))
  const stray = files.find((file) => !judges.some((judge) => judge.files.includes(file)))
  if (stray !== undefined)
    throw new Error(`test/judges/${stray} belongs to no judge. Add it to scripts/judges/list.mjs.`)
  const checks = await runChecks(chosen.flatMap((judge) => judge.files))
  const results = judges.map((judge) => {
    const mine = checks.filter(({ file }) => judge.files.includes(file))
    const count = (state) => mine.filter((check) => check.state === state).length
    if (mine.length === 0 || count('not run') > 0) return { ...earlier(judge.name), kept: judge.without }
    const ran = new Date().toISOString().slice(0, 10)
    return { name: judge.name, judges: judge.of, ran, green: count('green'), later: count('later'), red: count('red') }
  })
  const written = results.map(({ kept, ...result }) => result)
  writeFileSync(judgesFile, `${JSON.stringify(written, null, 2)}\n`)
  for (const { name, ran, green, later, red, kept } of results)
    if (kept !== undefined && chosen.some((judge) => judge.name === name)) console.log(`${name}: not run: ${kept}`)
    else console.log(`${name}, ${ran}: ${green} green, ${later} later, ${red} red`)
  return results.some(({ red }) => red > 0) ? 1 : 0
})

/** What a judge said when it last ran: without its program it says nothing new. */
function earlier(name) {
  const before = JSON.parse(readFileSync(judgesFile, 'utf8')).find((judge) => judge.name === name)
  if (before === undefined) throw new Error(`${name} has never run, and cannot run here.`)
  return before
}

/** Every check of these files of test/judges, with its state. */
async function runChecks(files) {
  const { startVitest } = await import('vitest/node')
  const checks = []
  const collect = {
    onTestRunEnd(modules) {
      for (const module of modules) {
        const file = module.moduleId.split('/').at(-1)
        // A file that cannot be loaded has no check to fail.
        if (module.errors().length > 0) checks.push({ file, state: 'red' })
        for (const test of module.children.allTests()) checks.push({ file, state: stateOf(test.result()) })
      }
    },
  }
  const project = ['unit', 'unit-alone', 'slow', 'nightly']
  const vitest = await startVitest(
    'test',
    files.map((file) => `test/judges/${file}`),
    { run: true, watch: false, project, reporters: ['default', collect] },
  )
  await vitest.close()
  return checks
}

/** A check that is skipped says why: for a feature that comes later, or because its program is not here. */
function stateOf({ state, note }) {
  if (state === 'passed') return 'green'
  if (state === 'skipped') return note?.startsWith('later: ') ? 'later' : 'not run'
  return 'red'
}
