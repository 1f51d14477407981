// Notebooks as scripts and as runbooks.
export { exportNotebook } from './export.ts'
export { notebookScript } from './script.ts'
