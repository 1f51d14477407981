// The MFA API of the sandbox: enrolment, challenge, the list of authenticators, and what the mfa grants need.
export { associate, newRecoveryCode } from './associate.ts'
export { pollsTooFast, refuseUsedUp, spendAttempt } from './attempts.ts'
export { activate, enrolled } from './authenticators.ts'
export { challenge } from './challenge.ts'
export { isFactorOn } from './factors.ts'
export { deleteAuthenticator, listAuthenticators } from './manage.ts'
export { isStale, outOfBandRecord, spendOutOfBand } from './out-of-band.ts'
export { endTransaction, type Transaction, transactionOf } from './transactions.ts'
