// Looks as text: width-aware tables, colours where they are wanted, and no control characters from a tenant.
export { type Paint, painter } from './paint.ts'
export { plain, plainLines } from './plain.ts'
export { renderText } from './render.ts'
export { clip, width, wrap } from './width.ts'
