import { type TreePlace, topGroups } from '../tree-places.ts'
import { signatureOf } from '../tree-verb.ts'
import { type Help, help } from './help.ts'

/** Help on a group: its verbs with their routes and scopes, and what leads on from it. */
export function groupHelp(place: TreePlace, words: readonly string[]): Help {
  return help(() => {
    const written = `auth0.${place.path.replaceAll('()', '(…)')}`
    const verbs = [...place.verbs].map(
      ([name, row]) => [`${name}${signatureOf(row)}`, `${row.method} ${row.path}`, row.scopes.join(' or ')] as const,
    )
    const widths = [0, 1].map((column) => Math.max(0, ...verbs.map((verb) => verb[column as 0 | 1].length)))
    const lines = verbs.map((verb) =>
      `  ${verb[0].padEnd(widths[0] ?? 0)}  ${verb[1].padEnd(widths[1] ?? 0)}  ${verb[2]}`.trimEnd(),
    )
    const below = [...place.children.keys()]
    return [
      written,
      ...lines,
      ...words.map((word) => `  ${word}(…)`),
      ...(below.length === 0 ? [] : [`  groups: ${below.join(', ')}`]),
      ...(place.called === undefined ? [] : [`  ${written}(${place.called.names.join(', ')}) leads to one of them`]),
      '',
      firstVerb(written, place),
    ].join('\n')
  })
}

function firstVerb(written: string, place: TreePlace): string {
  const [verb] = place.verbs.keys()
  return verb === undefined ? `${written}.… goes on.` : `${written}.${verb}.help says more.`
}

/** Help on the whole of what a session can say. */
export function rootHelp(words: readonly string[]): Help {
  return help(() =>
    [
      'auth0: the Management API as its resource tree, and the words of the Authentication API',
      '',
      'Groups',
      ...wrapped(topGroups()),
      '',
      'Words',
      ...wrapped(words),
      '',
      "auth0.networkAcls.help and auth0.networkAcls.create.help say more; auth0.find('quota') searches.",
    ].join('\n'),
  )
}

function wrapped(names: readonly string[]): readonly string[] {
  const lines: string[] = []
  let line = ' '
  for (const name of names) {
    if (line.length + name.length > 98) {
      lines.push(line)
      line = ' '
    }
    line += ` ${name}`
  }
  return [...lines, line]
}
