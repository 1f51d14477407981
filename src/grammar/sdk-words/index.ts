// Words of Auth0's other SDKs, and what is written here instead.
export { EXPORTS } from './everyday.ts'
export { isSdkWord, plainWord, sdkWords, sdkWordsBelow, writtenHere } from './lookup.ts'
export { sdkWord } from './signpost.ts'
