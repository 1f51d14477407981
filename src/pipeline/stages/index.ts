// The stages, one file each.
export { customDomain } from './custom-domain.ts'
export { rateLimit } from './rate-limit.ts'
export { retry } from './retry.ts'
export { token } from './token.ts'
