// Notebooks as cells, and as runbooks.
export { type Cell, cellsOf } from './cells.ts'
export { exportNotebook } from './export/notebook.ts'
