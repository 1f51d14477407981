// Holds the project's English: phrases that sound translated, and names that need a dictionary. `npm run lint` runs it over
// all that is written for readers; `node scripts/english.mjs FOLDER…` over parts of it.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './child.mjs'
import { script } from './ensure.mjs'

/** What is not said, and what is said instead. */
const phrases = [
  [
    /(?<!\b[Tt]here )\bis no (journal|session|option|step|plan|runbook|file|field|notebook|command)\b/,
    "'is not a …', 'unknown …'",
  ],
  [/\bmend (that|this|it)\b/i, "'fix that'"],
  [/\b(takes?|took|taken|taking) (it |them |that )?back\b/i, "'undoes', 'undone'"],
  [/\bplan(ned)? anew\b/i, "'plan again'"],
  [/\bgives? (it|them) free\b/i, "'releases it'"],
  [/\bAnswers the page\b/, "'Returns the page'"],
  [/\bthe answer ends it\b/i, "'returns a function that ends it'"],
  [/\bof one['’]s own\b/i, "'custom', or name the thing"],
  [/\bwhoever\b/i, "'the caller'"],
  [/\bnobody can be asked\b/i, "'no terminal to ask on'"],
  [/\bwithout a word\b/i, "'with an empty body'"],
  [/\bnone of this package\b/i, "'that tenantlab did not raise'"],
  [/\bbecause a person has to decide\b/i, "'needs a decision'"],
]

/** Names that a reader would not guess, and what they are called now. */
const names = new Map([
  ['Backstage', 'internals'],
  ['backstageOf', 'internalsOf'],
  ['SessionDesk', 'internals'],
  ['deskOf', 'internalsOf'],
  ['layFoundation', 'createSession'],
  ['openWorks', 'createSession'],
  ['Conductor', 'RunInterceptor'],
  ['Lane', 'RateBucket'],
  ['TokenShelf', 'TokenStore'],
  ['patience', 'withTimeout'],
  ['fateOf', 'unknownOutcome'],
  ['forecast', 'predict'],
  ['Vault', 'Redactor'],
  ['honouring', 'supports'],
  ['undoRunbook', 'undoRun'],
  ['RunStarted', 'RunStartEvent'],
  ['StepStarted', 'StepStartEvent'],
  ['RequestSent', 'RequestEvent'],
  ['AnswerCame', 'AnswerEvent'],
  ['StepWaits', 'StepWaitEvent'],
  ['StepEnded', 'StepEndEvent'],
  ['Said', 'SayEvent'],
  ['DriftFound', 'DriftEvent'],
  ['RunEnded', 'RunEndEvent'],
])

const written = ['src', 'notebooks', 'runbooks', 'docs', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']
const generated = /^src\/(catalogue|grammar)\/generated\//
const readable = /\.(ts|mjs|md|ipynb)$/

function faultsOf(path) {
  const code = /\.(ts|mjs)$/.test(path)
  const faults = []
  for (const [index, line] of readFileSync(join(root, path), 'utf8').split('\n').entries()) {
    const place = `${path}:${index + 1}`
    for (const [pattern, instead] of phrases) {
      const found = pattern.exec(line)
      if (found) faults.push(`${place}: '${found[0]}': say ${instead}.`)
    }
    if (!code) continue
    for (const [word] of line.matchAll(/\b[A-Za-z]+\b/g)) {
      if (names.has(word)) faults.push(`${place}: '${word}' is called ${names.get(word)}.`)
    }
  }
  return faults
}

await script(() => {
  const wanted = process.argv.slice(2)
  const tracked = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...(wanted.length > 0 ? wanted : written)],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  const files = tracked.split('\n').filter((path) => readable.test(path) && !generated.test(path))
  if (files.length === 0) throw new Error('No file was read; name folders that exist.')
  const faults = files.flatMap(faultsOf)
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  process.stdout.write(`${faults.length} of these in ${files.length} files.\n`)
  return faults.length === 0 ? 0 : 1
})
