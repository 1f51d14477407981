// Time from nothing to the first completion. A later one takes a millisecond on either side, and is not measured.
import { interleave, measure, median } from './child.mjs'

export async function completionTimes() {
  await measure('completion-one.mjs', 'bundle')
  const samples = await interleave(['tenantlab', 'auth0'], 9, (name) => measure('completion-one.mjs', name))
  const ours = median(samples.tenantlab.map((sample) => sample.ms))
  const theirs = median(samples.auth0.map((sample) => sample.ms))
  return [{ what: 'first completion', ours, theirs, unit: 'ms', against: 'auth0 in node:repl', budget: 0.5 }]
}
