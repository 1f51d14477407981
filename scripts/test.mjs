// Runs the tests and closes with one line of counts.
//   --unit           the fast tests alone: no kernels, browsers, compilers or packages, no real waits
//   --nightly        the judges that take minutes, which no other run includes
//   --fail-on-skip   a skipped test fails the run, unless what it lacks is no part of the repository
//                    (TENANTLAB_FAIL_ON_SKIP=1 says the same, so that CI runs the very command of the README)
//   anything else    a part of the path of the test files to run
import { ensure, script } from './ensure.mjs'
import { installCommand, needIn } from './needs.mjs'

// Read before Vitest loads its configuration, which empties the environment of names like this one.
const failOnSkip = process.env.TENANTLAB_FAIL_ON_SKIP === '1'

await script(async () => {
  const given = process.argv.slice(2)
  const flags = given.filter((each) => each.startsWith('--'))
  const unknown = flags.find((flag) => !['--unit', '--nightly', '--fail-on-skip'].includes(flag))
  if (unknown)
    throw new Error(
      `There is no option ${unknown}. Use --unit, --nightly, --fail-on-skip or a part of a test file's path.`,
    )
  await ensure()
  const counts = await runTests(
    given.filter((each) => !each.startsWith('--')),
    projectsOf(flags),
  )
  return report(counts, flags.includes('--fail-on-skip') || failOnSkip)
})

function projectsOf(flags) {
  if (flags.includes('--nightly')) return ['nightly']
  return flags.includes('--unit') ? ['unit', 'unit-alone'] : ['unit', 'unit-long', 'unit-alone', 'slow']
}

async function runTests(filters, project) {
  const [{ startVitest }, { Counts }] = await Promise.all([import('vitest/node'), import('./test-reporter.mjs')])
  const counts = new Counts()
  const options = { run: true, watch: false, project, reporters: ['default', counts] }
  const vitest = await startVitest('test', filters, options)
  await vitest.close()
  return counts
}

function report({ passed, failed, flaky, skipped, broken }, failOnSkip) {
  const lines = ['']
  for (const { name, message } of failed) lines.push(`Failed: ${name}`, message.replace(/^/gm, '  '))
  for (const name of flaky) lines.push(`Passed only when tried again: ${name}`)
  for (const each of broken) lines.push(`Broken: ${each}`)
  for (const { name, note } of skipped) lines.push(`Skipped: ${name}${note ? ` (${note})` : ''}`)
  const lacking = new Set(skipped.map(({ note }) => needIn(note)?.name).filter((name) => name && installCommand(name)))
  if (lacking.size > 0) lines.push(`To run what was skipped: ${installCommand(...lacking)}`)
  const forbidden = failOnSkip ? skipped.filter(({ note }) => needIn(note)?.optional !== true) : []
  if (forbidden.length > 0) lines.push(`${forbidden.length} skipped where --fail-on-skip allows none.`)
  const failures = failed.length + broken.length
  if (passed + failures === 0) lines.push('No test ran.')
  lines.push(`${passed} passed, ${failures} failed, ${skipped.length} skipped`)
  process.stdout.write(`${lines.join('\n')}\n`)
  return failures > 0 || forbidden.length > 0 || passed === 0 ? 1 : 0
}
