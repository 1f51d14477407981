import { expect, it } from 'vitest'
import { row, SAID, wordRow } from '../../src/catalogue/index.ts'
import { connect } from '../../src/index.ts'
import { pathOf, tasks } from './tasks.ts'

const auth0 = connect({ domain: 'tasks.example.com', token: 'x' })

it('has thirty tasks', () => expect(tasks).toHaveLength(30))

it.each(tasks)('finds among the first three: $words', async ({ words, expression }) => {
  const first = (await auth0.find(words)).slice(0, 3)
  expect(first.map(({ word }) => pathOf(word))).toContain(pathOf(expression))
})

it('says of operations and words that exist how people call them', () => {
  expect(Object.keys(SAID).filter((id) => row(id) === undefined && wordRow(id) === undefined)).toEqual([])
})
