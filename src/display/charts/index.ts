// Charts: read from records and events, drawn as a picture, for Vega-Lite, as inline shapes and as text.
export { chartOf, drawingOf } from './chart.ts'
export type { Chart, ChartKind, ChartOptions, Drawing } from './drawing.ts'
export { drawingLines } from './lines-of-text.ts'
export { chartPng, PAINTER } from './png.ts'
export { chartLines, chartText } from './rows.ts'
export { chartSvg } from './svg.ts'
export { vegaLite } from './vega-lite.ts'
