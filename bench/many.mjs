// What a thousand updates take beside a bare loop of undici's of the same width.
import { measure } from './child.mjs'

const ROUNDS = 3

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

export async function manyUpdates() {
  const taken = { undici: [], each: [], runbook: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [way, times] of Object.entries(taken)) times.push((await measure('many-one.mjs', way)).ms)
  }
  const theirs = median(taken.undici)
  const row = (what, ours, budget) => ({ what, ours, theirs, unit: 'ms', against: 'undici', budget })
  return [
    row('1,000 updates at 100 ms, 20 at once, by each()', median(taken.each), 1.25),
    row('the same in a runbook, with its journal in a file', median(taken.runbook), 1.25),
  ]
}
