import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cellsToRun } from '../../src/notebook/document/index.ts'
import { textOf } from '../../src/notebook/index.ts'
import { KernelClient } from '../notebooks/kernel-client.ts'
import { stored } from '../notebooks/stored.ts'
import { isRequestOf, pageLines, type RecordedRequest } from './page-lines.ts'

// What each cell of the page really sends: the notebooks run in tslab, and every request is recorded below the package.
describe.each([...new Set(pageLines.map(({ notebook }) => notebook))])('N16: the calls of %s', (name) => {
  const notebook = stored.find((each) => each.name === `${name}.ipynb`)
  const byCell = new Map<string, readonly RecordedRequest[]>()
  let folder: string

  beforeAll(async () => {
    if (notebook === undefined) throw new Error(`There is no notebook ${name}.`)
    folder = mkdtempSync(join(tmpdir(), 'tenantlab-page-'))
    const log = join(folder, 'requests.jsonl')
    writeFileSync(log, '')
    const kernel = await KernelClient.start(dirname(notebook.path), {
      preload: join(import.meta.dirname, 'record-requests.cjs'),
      env: { RECORDED_REQUESTS: log },
    })
    let told = 0
    try {
      for (const { index, source } of cellsToRun(notebook.notebook)) {
        const reply = await kernel.execute(source)
        expect(reply.status, `cell ${index}: ${JSON.stringify(reply.messages)}`).toBe('ok')
        const all = readFileSync(log, 'utf8').split('\n').filter(Boolean)
        byCell.set(String(notebook.notebook.cells[index]?.id), all.slice(told).map(recorded))
        told = all.length
      }
    } finally {
      await kernel.close()
    }
  }, 240_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(pageLines.filter((line) => line.notebook === name && line.request !== undefined))(
    "sends it with the page's own parameters: $line",
    ({ cell, called, request }) => {
      const caller = notebook?.notebook.cells.find(
        ({ source }) => called !== undefined && textOf(source).includes(called),
      )
      const sent = [cell, caller?.id].flatMap((id) => byCell.get(String(id)) ?? [])
      if (request === undefined) return
      const near = sent.filter(({ method }) => method === request.method)
      expect(
        sent.some((each) => isRequestOf(request, each)),
        JSON.stringify(near, null, 1),
      ).toBe(true)
    },
  )
})

function recorded(line: string): RecordedRequest {
  const { method, path, headers, text } = JSON.parse(line) as RecordedRequest & { readonly text?: string }
  const type = headers['content-type'] ?? ''
  const body =
    text === undefined || type.startsWith('multipart')
      ? undefined
      : type.includes('urlencoded')
        ? Object.fromEntries(new URLSearchParams(text))
        : JSON.parse(text)
  return { method, path: path.split('?')[0] ?? path, headers, body }
}
