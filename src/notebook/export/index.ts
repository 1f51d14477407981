// Notebooks rewritten as runbooks: by the places of a parser, so that types, comments and form stay as they were written.
export { exportNotebook } from './notebook.ts'
