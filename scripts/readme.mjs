// Writes the tables of README.md that the package itself knows: `node scripts/readme.mjs`, or `--check` to compare only.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './child.mjs'
import { ensure, script } from './ensure.mjs'

const readme = join(root, 'README.md')

await script(async () => {
  await ensure()
  const before = readFileSync(readme, 'utf8')
  const after = replaceBlock(before, 'flows', flowsTable())
  if (after === before) return 0
  if (process.argv.includes('--check'))
    throw new Error('The tables of README.md are out of date. Run node scripts/readme.mjs and commit the result.')
  writeFileSync(readme, after)
  return 0
})

/** One row for each flow of the tour: `tenantlab tour --list --json` prints `{ "flow", "title", "expression" }` per line. */
function flowsTable() {
  const text = execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), 'tour', '--list', '--json'], {
    encoding: 'utf8',
  })
  const lines = text.split('\n').filter((line) => line.startsWith('{'))
  const flows = lines.map((line) => JSON.parse(line))
  if (flows.length === 0)
    throw new Error('The tour lists no flow, so README.md would lose its table. Mend the tour first.')
  const rows = flows.map(({ title, expression }) => `| ${cell(title)} | \`${cell(expression)}\` |`)
  return ['| documented flow | here |', '|---|---|', ...rows].join('\n')
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function replaceBlock(text, name, content) {
  const pattern = new RegExp(`(<!-- ${name}: [^>]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`)
  if (!pattern.test(text))
    throw new Error(`README.md has no block '${name}'. Put <!-- ${name}: … --> and <!-- /${name} --> where it belongs.`)
  return text.replace(pattern, (_, start, end) => `${start}${content}\n${end}`)
}
