import { expect, it } from 'vitest'
import { requestIdOf } from '../../src/wire/index.ts'

it.each([
  [{ 'x-request-id': 'a', 'x-auth0-requestid': 'b', 'cf-ray': 'c' }, 'a'],
  [{ 'x-auth0-requestid': 'b', 'cf-ray': 'c' }, 'b'],
  [{ 'cf-ray': 'c' }, 'c'],
  [{}, undefined],
])('takes the id that the tenant itself gave before that of the network: %o', (headers, id) => {
  expect(requestIdOf({ headers })).toBe(id)
})
