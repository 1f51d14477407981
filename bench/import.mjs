// Time of a cold `import()`.
import { interleave, measure, median } from './child.mjs'

export async function importTime() {
  const samples = await interleave(['tenantlab', 'auth0'], 11, (name) => measure('import-one.mjs', name))
  const ours = median(samples.tenantlab.map((sample) => sample.ms))
  const theirs = median(samples.auth0.map((sample) => sample.ms))
  return [{ what: 'cold import', ours, theirs, unit: 'ms', against: 'auth0', budget: 0.2 }]
}
