// Executes the notebooks in tslab and stores what their cells put out: `node scripts/notebooks-refresh.mjs [NAME…]`.
// Without a name all of them, those of runbooks included. With --check nothing is written, and a difference fails.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { node, root } from './child.mjs'
import { ensure, script } from './ensure.mjs'
import { writeIndex } from './notebooks-index.mjs'

const folder = join(root, 'notebooks')

await script(async () => {
  const given = process.argv.slice(2)
  const check = given.includes('--check')
  const names = given.filter((each) => !each.startsWith('--'))
  await ensure()
  const paths = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ipynb') && !name.includes('.ipynb_checkpoints') && name !== 'index.ipynb')
    .filter((name) => names.length === 0 || names.some((each) => name.includes(each)))
    .sort()
    .map((name) => join(folder, name))
  if (paths.length === 0) throw new Error(`No notebook has ${names.join(' or ')} in its name.`)
  const place = mkdtempSync(join(tmpdir(), 'tenantlab-refresh-'))
  try {
    let failures = 0
    for (const path of paths) {
      const state = await refresh(path, join(place, 'ran.ipynb'), check)
      if (state === 'failed, left as it was' || state === 'differs') failures += 1
      process.stdout.write(`${relative(folder, path)}: ${state}\n`)
    }
    if (!writeIndex(folder, check)) {
      failures += 1
      process.stdout.write('index.ipynb: differs\n')
    }
    return failures === 0 ? 0 : 1
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
})

/** Runs one notebook with the built command, in tslab as it comes, and puts its outputs in place. */
async function refresh(path, ran, check) {
  const command = [join(root, 'dist', 'cli.js'), 'notebooks', 'run', path, ran, '--stock', '--force']
  const code = await node(command, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (code !== 0) return 'failed, left as it was'
  const stored = JSON.parse(readFileSync(path, 'utf8'))
  const fresh = JSON.parse(readFileSync(ran, 'utf8'))
  fresh.cells = fresh.cells.map((cell, index) => settled(cell, stored.cells[index]))
  if (isDeepStrictEqual(fresh, stored)) return 'unchanged'
  if (check) return 'differs'
  writeFileSync(path, `${JSON.stringify(fresh, null, 1)}\n`)
  return 'written'
}

/** What runs at the same time ends at slightly different times: such a cell keeps its outputs while they are of one kind. */
function settled(fresh, stored) {
  const kinds = ({ outputs = [] }) => outputs.map(({ output_type, data = {} }) => [output_type, ...Object.keys(data)])
  const keeps = fresh.metadata.tags?.includes('varies') === true && isDeepStrictEqual(kinds(fresh), kinds(stored))
  return keeps ? { ...fresh, outputs: stored.outputs } : fresh
}
