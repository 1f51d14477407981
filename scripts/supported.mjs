// `node scripts/supported.mjs [--check]`: calls every operation of the embedded tenant and writes docs/supported.md, which
// says what each does. With --check nothing is written; the exit code is 1 where a count has fallen.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const page = join(root, 'docs', 'supported.md')
const check = process.argv.includes('--check')

// The walk is TypeScript of the tests: it is bundled for the moment, since old Node versions do not read it.
const outfile = join(root, 'node_modules', `.supported-${process.pid}.mjs`)
try {
  await build({
    entryPoints: [join(root, 'test', 'sandbox', 'supported.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    external: ['vitest'],
    outfile,
    logLevel: 'error',
  })
  const { judgeOperations, judgeResults, report, countsOf } = await import(pathToFileURL(outfile).href)
  const judged = await judgeOperations()
  const counts = countsOf(judged)
  const red = judgeResults().filter((judge) => judge.red > 0)
  if (check && red.length > 0) {
    console.error(
      `Red checks in docs/judges.json: ${red.map(({ name }) => name).join(', ')}. Fix them, then npm run judges.`,
    )
    process.exit(1)
  }
  const line = `${counts.stateful} stateful, ${counts.shaped} shaped, ${counts.absent} absent`
  if (check) {
    const before = /^(\d+) stateful, (\d+) shaped, (\d+) absent/m.exec(readFileSync(page, 'utf8'))
    const [, stateful = '0', , absent = '0'] = before ?? []
    if (counts.stateful < Number(stateful) || counts.absent > Number(absent)) {
      console.error(`The embedded tenant does less than docs/supported.md says: ${line}; the page says ${before?.[0]}.`)
      process.exit(1)
    }
  } else writeFileSync(page, report(judged))
  console.log(line)
} finally {
  rmSync(outfile, { force: true })
}
