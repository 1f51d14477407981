// Time of notebook cells in stock tslab: the one that imports, and what an import adds to later ones, beside the same cell
// in a notebook that imports nothing.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { interleave, measureIn, median } from './child.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * A reader's folder: the package is a folder of `node_modules`, as `auth0` is. In the repository it is a link to the
 * repository itself, so that tslab writes `import("./dist")` into every later cell, which takes about a sixth
 * of their CPU time.
 */
function readersFolder() {
  mkdirSync(join(root, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(root, '.cache', 'cells-'))
  const installed = join(folder, 'node_modules', 'tenantlab')
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(installed, name), { recursive: true })
  return folder
}

export async function cellTimes() {
  const names = ['nothing', 'tenantlab', 'shipped', 'auth0']
  const folder = readersFolder()
  const samples = await interleave(names, 7, (name) => measureIn(folder, 'cells-one.mjs', name)).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  )
  const of = (name, cell) => median(samples[name].map((sample) => sample[cell]))
  const above = (name, cell) => Math.max(0, of(name, cell) - of('nothing', cell))
  const beside = { unit: 'ms', against: 'auth0' }
  return [
    {
      what: 'tslab: importing cell',
      ours: of('tenantlab', 'importing'),
      theirs: of('auth0', 'importing'),
      ...beside,
      budget: 0.25,
    },
    {
      what: 'tslab: first cell of a shipped notebook',
      ours: of('shipped', 'importing'),
      theirs: of('auth0', 'importing'),
      ...beside,
      budget: 0.5,
    },
    {
      what: 'tslab: what the import adds to later cells that use it',
      ours: above('tenantlab', 'using'),
      theirs: above('auth0', 'using'),
      ...beside,
      budget: 0.5,
    },
    {
      what: 'tslab: what the import adds to later cells that do not',
      ours: above('tenantlab', 'other'),
      theirs: above('auth0', 'other'),
      ...beside,
      most: 10,
    },
  ]
}
