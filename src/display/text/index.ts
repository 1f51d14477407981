// Looks as text: width-aware tables, colours where they are wanted, and no control characters from a tenant.
export { plain } from './plain.ts'
export { renderText } from './render.ts'
