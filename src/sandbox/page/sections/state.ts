import { type JsonObject, redact } from '../../../plan/index.ts'
import { publicRecord } from '../../management/index.ts'
import { html, type Markup } from '../../markup/index.ts'
import { NAMED_TABLES } from '../../tenant/index.ts'
import type { View } from '../parts.ts'
import { counted } from '../words.ts'

const MOST = 200

/** Working memory of the sandbox itself, which no tenant has. */
const OWN = /^sandbox\//

/** The collections of the tenant with the number of records in each, and the way into them. */
export function state(view: View): Markup {
  const names = tableNames(view)
  return html`<ul class="tables">${names.map(
    (name) =>
      html`<li><a id="state-${name}" href="/_sandbox/state?table=${encodeURIComponent(name)}">${name}</a> ${tableOf(view, name)?.size ?? 0}</li>`,
  )}</ul>`
}

/** One collection, or one record of it; `undefined` where there is none of that name. */
export function stateDetail(view: View, table: string, id: string | null): Markup | undefined {
  const records = tableNames(view).includes(table) ? tableOf(view, table) : undefined
  if (records === undefined) return undefined
  if (id === null) return listOf(table, records)
  const record = records.get(id)
  if (record === undefined) return undefined
  const shown = JSON.stringify(redact(publicRecord(record)), undefined, 2)
  return html`<h2>${table} <code>${id}</code></h2><p><a href="/_sandbox/state?table=${encodeURIComponent(table)}">All ${table}</a></p><pre>${shown}</pre>`
}

function listOf(table: string, records: ReadonlyMap<string, JsonObject>): Markup {
  const newest = [...records].slice(-MOST).reverse()
  const hidden = records.size - newest.length
  const lines = newest.map(([key, record]) => {
    const href = `/_sandbox/state?table=${encodeURIComponent(table)}&id=${encodeURIComponent(key)}`
    return html`<tr><th scope="row"><a href="${href}"><code>${key}</code></a></th><td>${summary(record)}</td></tr>`
  })
  return html`<h2>${table}</h2><p>${counted(records.size, 'record')}, newest first.</p>
<table><thead><tr><th scope="col">Key</th><th scope="col">Record</th></tr></thead><tbody>${lines}</tbody></table>
${hidden === 0 ? undefined : html`<p>${counted(hidden, 'older record')} not drawn.</p>`}`
}

function summary(record: JsonObject): string {
  const { description, domain, email, name, status, type } = redact(publicRecord(record))
  const told = [name, email, domain, type, status, description].filter((part) => typeof part === 'string')
  return told.join(' · ')
}

function tableNames({ core }: View): readonly string[] {
  return [...NAMED_TABLES, ...[...core.tables.others.keys()].filter((name) => !OWN.test(name)).toSorted()]
}

function tableOf({ core }: View, name: string): ReadonlyMap<string, JsonObject> | undefined {
  return (NAMED_TABLES as readonly string[]).includes(name)
    ? core.tables[name as (typeof NAMED_TABLES)[number]]
    : core.tables.others.get(name)
}
