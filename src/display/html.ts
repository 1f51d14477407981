import { plain, plainLines } from '../plan/index.ts'
import type { Block, Card, Difference, Field, Gauge, Tone } from './card.ts'
import { chartSvg, chartText, drawingLines } from './charts/index.ts'
import { filledShare } from './text/index.ts'

const MOST_ROWS = 50
const LINE = 'rgba(128,128,128,.35)'
const BORDERS: Readonly<Record<Tone, string>> = { plain: '#8888', good: '#2a9d5c', warn: '#c98a1b', bad: '#c9433b' }

// A notebook that was not run here is not trusted: its front end takes every style away, and all of SVG but the texts. So
// elements alone say what belongs together, and styles only make it look better; greys and inherited colours, as themes may
// be dark.
const CELL = `padding:2px 10px 2px 0;text-align:left;vertical-align:top;border-bottom:1px solid ${LINE}`
const PRE = 'margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:90%;background:none;border:0;padding:0'
const ITEM = 'display:flex;gap:8px;padding:2px 0;margin:0'
const NAME = 'flex:0 0 auto;min-width:9em;font-weight:600'
const REST = 'flex:1 1 auto;min-width:0;overflow-wrap:anywhere'

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

/** Longest word that a cell keeps whole: an id fits, an address with one does not. */
const LONGEST_WORD = 34

/** A text that breaks behind a sign where a word is too long for a cell; what is copied is the text itself. */
function breakable(text: string): string {
  return plain(text)
    .split(' ')
    .map((word) => {
      if (word.length <= LONGEST_WORD) return escapeHtml(word)
      return (word.match(/[^/|%,:;&?=]*[/|%,:;&?=]+|[^/|%,:;&?=]+/g) ?? []).map(escapeHtml).join('<wbr>')
    })
    .join(' ')
}

function pre(text: string): string {
  return `<pre style="${PRE}">${escapeHtml(plainLines(text).join('\n'))}</pre>`
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'fields':
      return list(block.fields.map((field) => item(inline(field.name), fieldHtml(field))))
    case 'table':
      return tableHtml(block.columns, block.rows) + (block.rest === undefined ? '' : sentence(block.rest))
    case 'notes': {
      const mark = block.tone === 'warn' || block.tone === 'bad' ? '⚠ ' : ''
      return block.notes.map((note) => `<div style="margin-top:2px">${mark}${inline(note)}</div>`).join('')
    }
    case 'gauges':
      return list(block.gauges.map(gaugeHtml))
    case 'differences': {
      const shown = block.differences.slice(0, MOST_ROWS)
      const hidden = block.differences.length - shown.length
      return list(shown.map(differenceHtml)) + (hidden > 0 ? sentence(`${hidden} more are not drawn.`) : '')
    }
    case 'chart':
      return `${chartSvg(block.chart)}<pre style="${PRE};white-space:pre">${chartText(block.chart, inline)}</pre>`
    case 'drawing':
      return `<pre style="${PRE};white-space:pre">${drawingLines(block.drawing, 84).map(inline).join('\n')}</pre>`
    case 'lines':
      return pre(block.lines.map(plain).join('\n'))
  }
}

function tableHtml(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const shown = rows.slice(0, MOST_ROWS)
  const kept = columns.map((_, index) => index).filter((index) => shown.some((row) => (row[index] ?? '') !== ''))
  const heads = kept.map((index) => `<th style="${CELL};font-weight:600">${inline(columns[index] ?? '')}</th>`)
  const lines = shown.map((row) => {
    const cells = kept.map((index) => `<td style="${CELL}">${breakable(row[index] ?? '')}</td>`)
    return `<tr>${cells.join('')}</tr>`
  })
  const hidden = rows.length - shown.length
  const table = `<table style="border-collapse:collapse;margin:2px 0"><tbody><tr>${heads.join('')}</tr>${lines.join('')}</tbody></table>`
  return table + (hidden > 0 ? sentence(`${hidden} more rows are not drawn.`) : '')
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<div style="margin:2px 0">${items.join('')}</div>`
}

function item(name: string, content: string): string {
  const element = /^<(pre|details)/.test(content) ? 'div' : 'span'
  return `<div style="${ITEM}"><span style="${NAME}">${name}: </span><${element} style="${REST}">${content}</${element}></div>`
}

function sentence(text: string): string {
  return `<div>${inline(text)}</div>`
}

function fieldHtml(field: Field): string {
  if (!field.code) return inline(field.value)
  if (field.fold === undefined) return pre(field.value)
  return `<details><summary>${inline(field.fold)}</summary>${pre(field.value)}</details>`
}

const GAUGE = 20

function gaugeHtml(gauge: Gauge): string {
  const part = filledShare(gauge)
  const filled = Math.round(part * GAUGE)
  const colour = gauge.done === true || part > 0.2 ? BORDERS.good : BORDERS.warn
  const bar = `<span style="font-family:monospace"><span style="color:${colour}">${'█'.repeat(filled)}</span>${'░'.repeat(GAUGE - filled)}</span>`
  const note = gauge.note === undefined ? '' : `, ${gauge.note}`
  return item(inline(gauge.name), `${bar} ${inline(`${gauge.left} of ${gauge.size}${note}`)}`)
}

function differenceHtml({ sign, name, before, after, lines }: Difference): string {
  const head = `${sign} ${inline(name)}`
  if (lines !== undefined) return item(head, pre(lines.join('\n')))
  const sides = [before, after].filter((side) => side !== undefined).map((side) => inline(side))
  return item(head, sides.join(' → '))
}
