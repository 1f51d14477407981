import { expect, it } from 'vitest'
import { row, SAID, wordRow, wordRows } from '../../src/catalogue/index.ts'
import { connect } from '../../src/index.ts'
import { pathOf, tasks } from './tasks.ts'

const auth0 = connect({ domain: 'tasks.example.com', token: 'x' })

it('has sixty tasks', () => expect(tasks).toHaveLength(60))

it.each(tasks)('finds among the first three: $words', async ({ words, expression }) => {
  const first = (await auth0.find(words)).slice(0, 3)
  expect(first.map(({ word }) => pathOf(word))).toContain(pathOf(expression))
})

it('says of each word of the grammar what people call it', () => {
  const halves = ['mfa', 'tenant']
  expect(wordRows().filter(({ path }) => !halves.includes(path) && SAID[path] === undefined)).toEqual([])
})

// Of the kinds that the tasks asked for in vain at first, in other words.
it.each([
  ['enable voice as a factor', 'auth0.guardian.factors().set()'],
  ['turn on security keys as a factor', 'auth0.guardian.factors().set()'],
  ['disable recovery codes as a factor', 'auth0.guardian.factors().set()'],
  ['whose access token is this', 'auth0.userInfo()'],
  ['claims of the current user', 'auth0.userInfo()'],
  ['log in with a recovery code', 'auth0.mfa().verify.recoveryCode()'],
  ['wait until the import is finished', 'auth0.jobs().finished()'],
  ['pushed authorization request', 'auth0.authorize.push()'],
  ['walk through all users', 'auth0.users.every()'],
])('finds among the first three: %s', async (words, expected) => {
  const first = (await auth0.find(words)).slice(0, 3)
  expect(first.map(({ word }) => pathOf(word))).toContain(expected)
})

it('says of operations and words that exist how people call them', () => {
  expect(Object.keys(SAID).filter((id) => row(id) === undefined && wordRow(id) === undefined)).toEqual([])
})
