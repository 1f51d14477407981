// The room of notebooks: the profile that makes a better kernel of tslab, and what checks, cleans, runs and installs.
export { readNotebook } from './document/notebook.ts'
