import { expect, it } from 'vitest'
import { statementsIn } from '../../src/repl/statements.ts'

it.each<[string, string, readonly string[]]>([
  ['one line', 'a; b', ['a; b']],
  ['chains', 'const x = auth0\n  .users\n  .list()\nx', ['const x = auth0\n  .users\n  .list()', 'x']],
  [
    'commands',
    'auth0.users.list()\n.run\n.csv out.csv --force\n1',
    ['auth0.users.list()', '.run', '.csv out.csv --force', '1'],
  ],
  ['calls that look like commands', 'auth0.users.list()\n  .run()\n1', ['auth0.users.list()\n  .run()', '1']],
  ['brackets', 'f({\n  a: 1,\n})\ng()', ['f({\n  a: 1,\n})', 'g()']],
  ['templates', 'const t = `a\n.run\nb`\nt', ['const t = `a\n.run\nb`', 't']],
  ['branches', 'if (a) {\n  b\n}\nelse {\n  c\n}\nd', ['if (a) {\n  b\n}\nelse {\n  c\n}', 'd']],
  ['operators', 'const n = 1 +\n  2\nconst m = n\n  ? 1\n  : 2', ['const n = 1 +\n  2', 'const m = n\n  ? 1\n  : 2']],
  ['empty lines', '\n\na\n\nb\n', ['a', 'b']],
])('R44 splits a pasted block into statements: %s', (_, block, expected) => {
  expect(statementsIn(block).map((each) => each.trim())).toEqual(expected)
})
