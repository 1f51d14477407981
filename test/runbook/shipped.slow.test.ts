import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { roundTrip, runbooks } from './round-trip.ts'
import { shippedCases } from './shipped-cases.ts'

const shipped = readdirSync(runbooks)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))

it('knows what to take every shipped runbook through', () => {
  expect(Object.keys(shippedCases).sort()).toEqual(shipped.sort())
})

for (const [name, given] of Object.entries(shippedCases)) roundTrip(name, given)
