// Reads and writes notebooks (nbformat 4) and turns a kernel's messages into the outputs that a notebook stores.
import { readFileSync, writeFileSync } from 'node:fs'

/** Text of a cell or an output: nbformat keeps it as a list of lines. */
export const textOf = (text) => (Array.isArray(text) ? text.join('') : (text ?? ''))

/** The opposite of `textOf`. */
export const linesOf = (text) => (text === '' ? [] : text.split(/(?<=\n)/))

export function readNotebook(path) {
  return JSON.parse(readFileSync(path, 'utf8'))
}

export function writeNotebook(path, notebook) {
  writeFileSync(path, `${JSON.stringify(notebook, null, 1)}\n`)
}

/** The code cells of a notebook in order, those tagged `skip-execution` left out. */
export function cellsToRun(notebook) {
  return notebook.cells.flatMap((cell, index) => {
    const tags = cell.metadata?.tags ?? []
    if (cell.cell_type !== 'code' || tags.includes('skip-execution')) return []
    return [{ index, source: textOf(cell.source), mayFail: tags.includes('raises-exception') }]
  })
}

/** What Jupyter would store of these messages: text of one stream joined, displays with an id updated in place. */
export function outputsOf(messages) {
  const outputs = []
  const byId = new Map()
  for (const message of messages) {
    if (message.kind === 'stream') {
      const last = outputs.at(-1)
      if (last?.output_type === 'stream' && last.name === message.name) last.text += message.text
      else outputs.push({ output_type: 'stream', name: message.name, text: message.text })
      continue
    }
    const { data, metadata = {}, transient } = message.content
    const known = transient?.display_id === undefined ? undefined : byId.get(transient.display_id)
    if (known !== undefined) Object.assign(known, { data, metadata })
    else if (message.kind === 'display') {
      const output = { output_type: 'display_data', data, metadata }
      outputs.push(output)
      if (transient?.display_id !== undefined) byId.set(transient.display_id, output)
    }
  }
  return outputs.map(stored)
}

function stored(output) {
  if (output.output_type === 'stream') return { name: output.name, output_type: 'stream', text: linesOf(output.text) }
  const data = {}
  for (const [type, value] of Object.entries(output.data))
    data[type] = typeof value === 'string' ? linesOf(value) : value
  return { data, metadata: output.metadata, output_type: 'display_data' }
}
