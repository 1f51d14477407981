// From the rows of the hand-chosen words: the interfaces that a reader meets, and the table that the rooms read.
import { client } from '../../src/catalogue/words/fields.mjs'
import { authenticationWords, managementWords, wordSets } from '../../src/catalogue/words/index.mjs'
import { literal, quoted } from './print.mjs'

const CLIENT = 'ClientOptions'

/** Fails where a row names an operation that is not there, or a secret or required field that cannot be written. */
export function checkWords(rows) {
  const known = new Map(rows.map((row) => [row.id, row]))
  const seen = new Set()
  for (const word of [...authenticationWords, ...managementWords]) {
    if (seen.has(word.path)) throw new Error(`Two words are called ${word.path}. Rename one in src/catalogue/words/.`)
    seen.add(word.path)
    if (word.operation !== undefined && !known.has(word.operation))
      throw new Error(`${word.path} sends ${word.operation}, which is no operation. Correct src/catalogue/words/.`)
    if (word.docs === undefined || word.says === undefined || word.example === undefined)
      throw new Error(`${word.path} needs says, example and docs. Correct src/catalogue/words/.`)
    const names = (word.fields ?? []).map(({ name }) => name)
    if (new Set(names).size !== names.length) throw new Error(`${word.path} has a field twice.`)
  }
}

/** The table of all words as a module. */
export function printWordTable() {
  const words = [...authenticationWords, ...managementWords]
  return [
    "import type { PackedField, PackedWord } from '../word-row.ts'",
    '',
    '/** The fields that name the application: those of every word whose row has `client`. */',
    `export const clientFields: readonly PackedField[] = ${literal(client.map(packedField))}`,
    '',
    '/** One row per word that was chosen by hand; made when first asked for, since importing the package needs none. */',
    'export const packedWords = (): readonly PackedWord[] => [',
    ...words.map((word) => `  ${literal(packed(word))},`),
    ']',
    '',
  ].join('\n')
}

function packed(word) {
  const { path, operation, grant, polls, constants, open, nullable, leads, says, example, docs } = word
  return defined({
    path,
    operation,
    grant,
    polls,
    constants,
    open,
    nullable,
    client: word.client,
    optional: isOptional(word) || undefined,
    leads,
    signature: word.signature,
    fields: word.fields?.filter((field) => !word.client || field.in !== 'client').map(packedField),
    args: word.args?.map(packedField),
    made: word.made?.map(packedField),
    says: plain(says),
    example,
    docs,
  })
}

function packedField(field) {
  const { name, wire, required, secret, slot, values, fallback, prefix, sample, says } = field
  return defined({
    name,
    wire: wire === name ? undefined : wire,
    in: field.in,
    type: typeOf(field) === 'string' ? undefined : typeOf(field),
    required,
    secret,
    slot,
    values,
    fallback,
    prefix,
    sample,
    says: plain(says),
  })
}

const defined = (members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
const plain = (text) => text.replaceAll('`', '')

function typeOf({ secret, values, type = 'string' }) {
  if (secret) return 'SecretText'
  return values === undefined ? type : values.map(quoted).join(' | ')
}

function isOptional({ fields, required }) {
  return fields !== undefined && required !== true && !fields.some((field) => field.required)
}

/** The interfaces of all sets of words and of all objects of options, as a module. */
export function printWordInterfaces(rows) {
  const known = new Map(rows.map((row) => [row.id, row]))
  const options = authenticationWords.filter((word) => word.options !== undefined).map(printOptions)
  const sets = wordSets.map((set) => printSet(set, known))
  const text = [...options, ...sets].join('\n')
  const named = (file, names) => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(text.replace(/\/\*\*[\s\S]*?\*\//g, '')))
    return `import type { ${used.join(', ')} } from '${file}'`
  }
  return [
    named('../../plan/index.ts', ['JsonObject', 'Plan']),
    named('../answers.ts', ANSWERS),
    named('../argument-types.ts', ['ClientOptions', 'OobAnswer', 'OobReceived', 'SecretText']),
    named('../interactive.ts', ['PasswordLoginPlan']),
    '',
    text,
  ].join('\n')
}

const ANSWERS = [
  'Authenticator',
  'BackchannelAuthorization',
  'DeviceAuthorization',
  'OobChallenge',
  'OobEnrollment',
  'OtpChallenge',
  'OtpEnrollment',
  'PasswordlessStarted',
  'PushEnrollment',
  'PushedRequest',
  'RegisteredApplication',
  'SignedUpUser',
  'Tokens',
]

function printOptions(word) {
  const own = word.fields.filter((field) => word.client !== true || field.in !== 'client')
  return [
    ...comment('', [`Arguments of \`${word.path}\`.`, '', ...exampleLines(word)]),
    `export interface ${word.options}${word.client ? ` extends ${CLIENT}` : ''} {`,
    ...own.flatMap((field) => [
      `  /** ${field.says} */`,
      `  readonly ${field.name}${field.required ? '' : '?'}: ${typeOf(field)}`,
    ]),
    ...(word.open
      ? ['  /** Further metadata of RFC 7591 is sent as it is. */', '  readonly [name: string]: unknown']
      : []),
    '}',
    '',
  ].join('\n')
}

function printSet(set, known) {
  const lead = set.path === '' ? '' : `${set.path}.`
  const below = (path) => path.startsWith(lead) && !path.slice(lead.length).includes('.') && path !== set.path
  const words = authenticationWords.filter(({ path }) => below(path) && !path.slice(lead.length).includes('('))
  const sets = wordSets.filter(({ path, member }) => member !== undefined && below(path))
  const [first] = words
  return [
    ...comment('', [
      set.says,
      '',
      ...(set.docs === undefined ? [] : [`@see ${set.docs}`]),
      ...(first === undefined ? exampleOfSet(lead) : exampleLines(first)),
    ]),
    `export interface ${set.interface} {`,
    ...calledLines(set),
    ...sets.flatMap((each) => [
      ...comment('  ', [each.member, '', ...exampleOfSet(`${each.path}.`)]),
      `  readonly ${each.path.slice(lead.length)}: ${each.interface}`,
    ]),
    ...words.flatMap((word) => [
      ...comment('  ', documentation(word, known)),
      `  ${word.path.slice(lead.length)}(${parameters(word)}): ${answer(word)}`,
    ]),
    '}',
    '',
  ].join('\n')
}

function exampleOfSet(lead) {
  return exampleLines(authenticationWords.find(({ path }) => path.startsWith(lead)))
}

function calledLines({ path, called }) {
  if (called === undefined) return []
  const [parameter, gives] = called
  const lines = ['One of them, by its id.', '', ...exampleOfSet(`${path}().`)]
  return [...comment('  ', lines), `  (${parameter}): ${gives}`]
}

function documentation(word, known) {
  const row = known.get(word.operation)
  const said = word.args?.map(({ name, says }) => `@param ${name} ${says}`) ?? []
  const scopes = row === undefined || row.scopes.length === 0 ? '' : `; scope ${row.scopes.join(' or ')}`
  const returned = row === undefined ? [] : [`@returns A plan of ${row.method} ${row.path}${scopes}.`]
  return [
    word.says,
    '',
    ...said,
    ...returned,
    ...(word.throws ?? []).map((text) => `@throws ${text}`),
    `@see ${word.docs}`,
    ...exampleLines(word),
  ]
}

function exampleLines({ needs, before = [], example }) {
  const sent = example.endsWith('.run()') ? `await ${example}` : example
  return ['@example', ...(needs === undefined ? [] : [`// not run: ${needs}`]), ...before, sent]
}

function parameters({ fields, args, options, argument = 'options', ...word }) {
  if (fields !== undefined) return `${argument}${isOptional({ fields, ...word }) ? '?' : ''}: ${options}`
  return (args ?? []).map((field) => `${field.name}${field.required ? '' : '?'}: ${typeOf(field)}`).join(', ')
}

function answer({ plan, returns, answer: value }) {
  return returns ?? plan ?? `Plan<${value}>`
}

function comment(indent, lines) {
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`]
}
