import { expect, it } from 'vitest'
import { attachLook, columnLines, foldedLines, width } from '../../src/display/index.ts'
import { bannerLines } from '../../src/repl/banner.ts'
import { errorText, textOf } from '../../src/repl/present.ts'
import { connect } from '../../src/session/index.ts'

it.each([20, 40, 80])('R43 the banner and the list of commands are wrapped by words at %i columns', (columns) => {
  const facts = {
    domain: 'x.eu.auth0.com',
    writes: 'deny',
    token: '254 scopes, expires in 24 h',
    tag: 'production',
  } as const
  const entries = [
    { flag: '.tenant [NAME]', text: 'speaks to another stored tenant as auth0 from here on; alone lists them' },
    { flag: '.it', text: 'ends' },
  ]
  const lines = [...bannerLines(facts, false, columns).slice(1), ...columnLines(entries, columns)]
  for (const line of lines) expect(width(line), line).toBeLessThanOrEqual(columns)
  const words = lines.flatMap((line) => line.trim().split(/\s+/))
  for (const word of ['254', 'refused', 'commands,', 'speaks', 'another', 'stored']) expect(words).toContain(word)
})

it('R43 the path of the log stays whole', () => {
  const log = `/var/data/${'folder/'.repeat(12)}session.jsonl`
  const lines = bannerLines({ domain: 'a.b', writes: 'allow', token: 'x', log }, false, 40)
  expect(lines.some((line) => line.endsWith(log))).toBe(true)
})

it.each([40, 60, 80])('R43 ids stay whole at %i columns, and what has no place is named by whole words', (columns) => {
  const users = Array.from({ length: 3 }, (_, at) => ({
    user_id: `auth0|6f${at}5f4f0e2f9a0b1c2d3e4f5`,
    name: 'Ann Example',
    email: `ann.example.${at}@a-long-domain.example.com`,
    nickname: 'ann',
    email_verified: true,
    last_login: '2026-01-01T00:00:00Z',
  }))
  const clients = [{ client_id: 'cpSMWYiYl86TN94qN8fynbf8HpNCvWw1', name: 'Tenantlab', app_type: 'spa' }]
  for (const [rows, id] of [
    [users, 'user_id'],
    [clients, 'client_id'],
  ] as const) {
    const text = textOf(attachLook([...rows]), { columns, colours: false })
    for (const row of rows) expect(text).toContain((row as Record<string, unknown>)[id] as string)
    for (const line of text.split('\n')) expect(width(line), line).toBeLessThanOrEqual(columns)
    const [, unshown = ''] = /Not shown: ([\s\S]*)$/.exec(text) ?? []
    expect(unshown).not.toContain('…')
    for (const name of unshown.split(/[,\s]+/).filter((each) => each !== ''))
      expect(Object.keys(rows[0] ?? {})).toContain(name)
  }
})

it.each([30, 40, 60])('R43 errors, remarks and help break between words at %i columns', (columns) => {
  const style = { columns, colours: false }
  const auth0 = connect({ domain: 'a.example.com', token: 'x' })
  const error = textOf(new TypeError('auth0.users.lst is not a function of the group'), style)
  const remark = foldedLines('auth0.users.lst is not there. Did you mean auth0.users.list?', columns).join('\n')
  const help = textOf((auth0.users.create as unknown as { help: unknown }).help, style)
  const json = errorText(new Error('{ "a": "one two three four five six seven eight nine ten" }'), style)
  for (const text of [error, remark, help, json, textOf(auth0.help, style)]) {
    for (const line of text.split('\n'))
      if (/\S\s+\S/.test(line.trim())) expect(width(line), line).toBeLessThanOrEqual(columns)
  }
  const words = [error, remark, json].join(' ').split(/\s+/)
  for (const word of ['function', 'auth0.users.list?', 'there.', 'seven', 'eight']) expect(words).toContain(word)
  expect(help.split(/\s+/)).toEqual(
    expect.arrayContaining(['characters,', 'required', 'https://auth0.com/docs/api/management/v2/users/post-users']),
  )
})
