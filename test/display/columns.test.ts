import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../src/display/looks/values.ts'

const entry = {
  _id: '9002026',
  client_id: 'an-application',
  connection: 'Username-Password-Authentication',
  date: '2026-11-29T10:00:00.000Z',
  description: 'Wrong email or password.',
  ip: '203.0.113.7',
  isMobile: false,
  log_id: '9002026',
  type: 'fp',
  user_id: 'auth0|1',
  user_name: 'user-one@example.com',
}

describe('N12: the columns of a table that nobody chose', () => {
  it.each([
    [
      'entries of the log',
      [entry],
      ['date', 'type', 'user_name', 'ip', 'description', 'connection', 'log_id', 'client_id'],
    ],
    [
      'entries of an application alone',
      [{ _id: '1', date: 'x', type: 'seccft', client_id: 'c', ip: '::1' }],
      ['date', 'type', 'ip', 'client_id', '_id'],
    ],
    [
      'users',
      [{ email: 'a@b.example', created_at: 'x', user_id: 'auth0|1', name: 'A' }],
      ['user_id', 'name', 'email', 'created_at'],
    ],
    ['what merely has a date and a type', [{ date: 'x', type: 'invoice', id: 7 }], ['id', 'type', 'date']],
  ])('tell first what tells most: %s', (_, items, columns) => {
    expect(columnsOf(items)).toEqual(columns)
  })
})
