// Time of notebook cells in stock tslab: the one that imports, and what an import adds to later ones, beside the same cell
// in a notebook that imports nothing.
import { interleave, measure, median } from './child.mjs'

export async function cellTimes() {
  const names = ['nothing', 'tenantlab', 'shipped', 'auth0']
  const samples = await interleave(names, 7, (name) => measure('cells-one.mjs', name))
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
