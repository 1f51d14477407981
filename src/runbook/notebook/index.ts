// Notebooks as cells, and as runbooks.
export { cellsOf } from './cells.ts'
export { exportNotebook } from './export/index.ts'
