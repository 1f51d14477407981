// Writes notebooks/index.ipynb: every notebook with its first sentences and its first picture.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PICTURE = 'image/png'

/**
 * Makes the index anew from the notebooks of a folder and of its `runbooks`.
 *
 * @returns False where it would be another one and `check` forbids writing it.
 */
export function writeIndex(folder, check = false) {
  const path = join(folder, 'index.ipynb')
  const text = `${JSON.stringify(indexOf(folder), null, 1)}\n`
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return true
  if (check) return false
  writeFileSync(path, text)
  return true
}

function indexOf(folder) {
  const named = (place) =>
    readdirSync(join(folder, place))
      .filter((name) => name.endsWith('.ipynb') && name !== 'index.ipynb')
      .sort()
      .map((name) => join(place, name))
  const entries = named('.').map((name) => entryOf(folder, name))
  // What has a number below 11 follows Auth0's own examples page.
  const ofThePage = entries.filter(({ name }) => Number.parseInt(name, 10) < 11)
  const others = entries.filter((entry) => !ofThePage.includes(entry))
  const runbooks = named('runbooks').map((name) => entryOf(folder, name))
  const cells = [
    markdown(
      'index-00',
      '# Notebooks\n\nAll of them run on the embedded tenant: no account, no secret, the same people and the same month of logs in every run. Open one, run its cells from the top, change a line, run it again.',
    ),
    ...chapter(
      1,
      'Work on a tenant of 500 people',
      'Questions that somebody who runs a tenant has on an ordinary day, answered with pictures.',
      others,
    ),
    ...chapter(
      2,
      "Auth0's examples, flow by flow",
      "The examples page of Auth0's .NET SDK, line by line: begin with the first of them if you are new here.",
      ofThePage,
    ),
    ...chapter(
      3,
      'Runbooks, from the check to the undo',
      'Work that changes many records, looked at before it is done and undone afterwards.',
      runbooks,
    ),
  ]
  const kernelspec = { display_name: 'TypeScript', language: 'typescript', name: 'tslab' }
  return { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }
}

function entryOf(folder, name) {
  const { cells } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const [heading = '', ...rest] = cells
    .find(({ cell_type }) => cell_type === 'markdown')
    .source.join('')
    .split('\n')
  const first = rest.join('\n').trim().split('\n\n')[0] ?? ''
  // A sentence that leads to a list says nothing without it.
  const about = first.replace(/(^|(?<=[.!?)])\s)[^.!?]*:$/, '').trim()
  // A notebook says which of its pictures is on the cover; else the most telling one is seldom the plainest.
  const chosen = cells.filter(({ metadata }) => metadata.tags?.includes('cover'))
  const data = (chosen.length > 0 ? chosen : cells)
    .flatMap(({ outputs = [] }) => outputs.map((output) => output.data?.[PICTURE]))
    .filter(Boolean)
  const texts = data.map((one) => (Array.isArray(one) ? one.join('') : one))
  const picture = texts.sort((a, b) => b.length - a.length)[0]
  return { name, title: heading.replace(/^#+ /, ''), about, picture }
}

function chapter(number, title, about, entries) {
  return [
    markdown(`index-0${number}`, `## ${title}\n\n${about}`),
    ...entries.map((entry, at) => cellOf(entry, `${number}${at + 10}`)),
  ]
}

/** @throws Error for a notebook without a picture: the index is what people choose by. */
function cellOf({ name, title, about, picture }, id) {
  if (picture === undefined) {
    throw new Error(`${name} stores no picture. Give it one with show(chart(…)), and run notebooks-refresh again.`)
  }
  const file = `${name.replace('.ipynb', '').replace('/', '-')}.png`
  const text = `### [${title}](${name})\n\n${about}\n\n[![${title}](attachment:${file})](${name})`
  return { ...markdown(`index-${id}`, text), attachments: { [file]: { [PICTURE]: picture } } }
}

function markdown(id, text) {
  const lines = text.split('\n')
  return {
    cell_type: 'markdown',
    id,
    metadata: {},
    source: lines.map((line, at) => (at === lines.length - 1 ? line : `${line}\n`)),
  }
}
