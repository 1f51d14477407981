// Executes the notebooks in tslab and stores what their cells put out: `node scripts/notebooks-refresh.mjs [NAME…]`.
// Without a name all of them, those of runbooks included. With --check nothing is written, and a difference fails.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { node, root } from './child.mjs'
import { ensure, script } from './ensure.mjs'

const folder = join(root, 'notebooks')

await script(async () => {
  const given = process.argv.slice(2)
  const check = given.includes('--check')
  const names = given.filter((each) => !each.startsWith('--'))
  await ensure()
  const paths = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ipynb') && !name.includes('.ipynb_checkpoints'))
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
  const fresh = readFileSync(ran, 'utf8')
  if (isDeepStrictEqual(JSON.parse(fresh), JSON.parse(readFileSync(path, 'utf8')))) return 'unchanged'
  if (check) return 'differs'
  writeFileSync(path, fresh)
  return 'written'
}
