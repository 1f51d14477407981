// Looks as text: width-aware tables, colours where they are wanted, and no control characters from a tenant.

export { plain, plainLines } from '../../plan/index.ts'
export { clip, width, wrap } from '../width.ts'
export { columnLines, foldedLines } from './columns.ts'
export { type Paint, painter } from './paint.ts'
export { filledShare, renderText, type TextOptions } from './render.ts'
