// Time of notebook cells in stock tslab: the one that imports, and later ones.
import { interleave, measure, median } from './child.mjs'

export async function cellTimes() {
  const samples = await interleave(['tenantlab', 'shipped', 'auth0'], 5, (name) => measure('cells-one.mjs', name))
  const of = (name, cell) => median(samples[name].map((sample) => sample[cell]))
  const row = (what, cell, name = 'tenantlab', budget = 0.5) => ({
    what,
    ours: of(name, cell),
    theirs: of('auth0', cell),
    unit: 'ms',
    against: 'auth0',
    budget,
  })
  return [
    row('tslab: importing cell', 'importing'),
    row('tslab: first cell of a shipped notebook', 'importing', 'shipped'),
    row('tslab: later cells that use it', 'using'),
    row('tslab: later cells that do not', 'other'),
  ]
}
