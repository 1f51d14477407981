// What a thousand updates take beside a bare loop of undici's of the same width, under each published limit beside the least
// time that it allows, and what a run of very many steps takes.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measure } from './child.mjs'

const ROUNDS = 3

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

export async function manyUpdates() {
  const taken = { undici: [], each: [], careful: [], runbook: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [way, times] of Object.entries(taken)) times.push((await measure('many-one.mjs', way)).ms)
  }
  const row = (what, ours, theirs, against, budget) => ({
    what,
    ours: median(ours),
    theirs: median(theirs),
    unit: 'ms',
    against,
    budget,
  })
  return [
    row('1,000 updates at 100 ms, 20 at once, by each()', taken.each, taken.undici, 'undici', 1.25),
    row('the same in a runbook, which can undo them', taken.runbook, taken.careful, 'undici, reads too', 1.25),
    ...(await underLimits()),
    ...(await manySteps()),
  ]
}

const PLANS = ['free', 'essentials', 'enterprise']

/** On a clock that jumps from wait to wait, and beside it, less of them, in real time: these mostly wait, so all at once. */
async function underLimits() {
  const rows = []
  const real = Promise.all(PLANS.map((plan) => measure('many-limits.mjs', plan, 'real')))
  for (const plan of PLANS)
    rows.push(...limitRows(plan, '1,000 updates', await measure('many-limits.mjs', plan, 'virtual')))
  for (const [index, one] of (await real).entries())
    rows.push(...limitRows(PLANS[index], `${one.updates.toLocaleString('en')} updates in real time`, one))
  return rows
}

function limitRows(plan, what, { ms, optimum, refused, sent }) {
  return [
    { what: `${what} under ${plan}`, ours: ms, theirs: optimum, unit: 'ms', against: 'optimum', budget: 1.05 },
    { what: `answers 429 meanwhile`, ours: refused, theirs: sent, unit: '', against: 'sent', most: 20 },
  ]
}

const STEPS = 100_000

async function manySteps() {
  const folder = await mkdtemp(join(tmpdir(), 'many-'))
  try {
    const run = await measure('many-steps.mjs', 'run', folder, STEPS)
    const resumed = await measure('many-steps.mjs', 'resume', folder, STEPS)
    const row = (what, ours, unit, most) => ({ what, ours, theirs: STEPS, unit, against: 'steps', most })
    return [
      row('a run of 100,000 steps: CPU of each', run.cpu, 'ms', 1.5),
      row('its memory', run.mb, 'MB', 250),
      row('continued once all of them are done', resumed.ms / 1000, 's', 10),
      row('writes that the continued run sent', resumed.written, '', 0),
    ]
  } finally {
    await rm(folder, { recursive: true })
  }
}
