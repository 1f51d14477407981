// Notebooks as scripts and as runbooks.
export { exportNotebook } from './export.ts'
