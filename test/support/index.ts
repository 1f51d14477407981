// What the tests of several rooms share.
export { requires } from './requires.ts'
