import { plain, plainLines } from '../plan/index.ts'
import type { Block, Card, Field, Gauge, Tone } from './card.ts'
import { chartSvg } from './charts/index.ts'
import { share } from './text/render.ts'

const MOST_ROWS = 50
const LINE = 'rgba(128,128,128,.35)'
const BORDERS: Readonly<Record<Tone, string>> = { plain: '#8888', good: '#2a9d5c', warn: '#c98a1b', bad: '#c9433b' }

// Inline styles only, as notebooks drop style sheets and scripts; greys and inherited colours, as themes may be dark.
const CELL = `padding:2px 10px 2px 0;text-align:left;vertical-align:top;border-bottom:1px solid ${LINE}`
const PRE = 'margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:90%'

/** A card as a piece of HTML that needs no style sheet and runs no script. Every text in it is escaped. */
export function renderHtml(card: Card): string {
  const border = BORDERS[card.tone ?? 'plain']
  const blocks = card.blocks.map(blockHtml).join('')
  return `<div style="border-left:3px solid ${border};padding:2px 0 2px 10px;margin:4px 0"><div style="font-weight:600">${inline(card.title)}</div>${blocks}</div>`
}

/** Text made safe for HTML: cleaned like text for a terminal, then escaped. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function inline(text: string): string {
  return escapeHtml(plain(text))
}

function pre(text: string): string {
  return `<pre style="${PRE}">${escapeHtml(plainLines(text).join('\n'))}</pre>`
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'fields':
      return table(
        block.fields.map((field) => `<tr>${head(field.name)}<td style="${CELL}">${fieldHtml(field)}</td></tr>`),
      )
    case 'table': {
      const columns = `<tr>${block.columns.map(head).join('')}</tr>`
      const rows = block.rows.slice(0, MOST_ROWS).map((row) => {
        const cells = block.columns.map((_, index) => `<td style="${CELL}">${inline(row[index] ?? '')}</td>`)
        return `<tr>${cells.join('')}</tr>`
      })
      const hidden = block.rows.length - rows.length
      const rest = [hidden > 0 ? `${hidden} more rows are not drawn.` : undefined, block.rest]
      return (rows.length === 0 ? '' : table([columns, ...rows])) + rest.map(sentence).join('')
    }
    case 'notes':
      return block.notes
        .map(
          (note) =>
            `<div style="margin-top:2px">${block.tone === 'warn' || block.tone === 'bad' ? '⚠ ' : ''}${inline(note)}</div>`,
        )
        .join('')
    case 'gauges':
      return table(block.gauges.map(gaugeHtml))
    case 'differences': {
      const rows = block.differences.slice(0, MOST_ROWS).map(({ sign, name, before = '', after = '' }) => {
        const cells = [sign, name, before, after].map((text) => `<td style="${CELL}">${inline(text)}</td>`)
        return `<tr>${cells.join('')}</tr>`
      })
      const hidden = block.differences.length - rows.length
      const heads = `<tr>${['', 'field', 'before', 'after'].map(head).join('')}</tr>`
      return table([heads, ...rows]) + sentence(hidden > 0 ? `${hidden} more are not drawn.` : undefined)
    }
    case 'chart':
      return chartSvg(block.chart, inline)
    case 'lines':
      return pre(block.lines.map(plain).join('\n'))
  }
}

function table(rows: readonly string[]): string {
  return `<table style="border-collapse:collapse;margin:2px 0"><tbody>${rows.join('')}</tbody></table>`
}

function head(name: string): string {
  return `<th style="${CELL};font-weight:600">${inline(name)}</th>`
}

function sentence(text: string | undefined): string {
  return text === undefined ? '' : `<div style="opacity:.75">${inline(text)}</div>`
}

function fieldHtml(field: Field): string {
  if (!field.code) return inline(field.value)
  if (field.fold === undefined) return pre(field.value)
  return `<details><summary>${inline(field.fold)}</summary>${pre(field.value)}</details>`
}

function gaugeHtml(gauge: Gauge): string {
  const part = Math.round(share(gauge) * 100)
  const bar = `<span style="display:inline-block;width:120px;height:8px;border:1px solid ${LINE}"><span style="display:inline-block;width:${part}%;height:8px;background:${part > 20 ? BORDERS.good : BORDERS.warn}"></span></span>`
  const note = gauge.note === undefined ? '' : `, ${gauge.note}`
  return `<tr>${head(gauge.name)}<td style="${CELL}">${bar} ${inline(`${gauge.left} of ${gauge.size}${note}`)}</td></tr>`
}
