import { expect, it } from 'vitest'
import { columnLines, width } from '../../src/display/index.ts'
import { bannerLines } from '../../src/repl/banner.ts'

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
