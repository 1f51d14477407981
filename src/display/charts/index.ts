// Charts of numbers over time: read from records, drawn as inline SVG and as text.
export { type Chart, type ChartOptions, chartOf } from './chart.ts'
export { chartLines, chartText } from './rows.ts'
export { chartSvg } from './svg.ts'
