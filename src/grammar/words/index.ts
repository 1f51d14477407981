// The words that are chosen by hand: the Authentication API, quotas, and the network ACL builder.
export { databaseWords, deviceWords, passwordlessWords } from './database.ts'
export { authorizeWords, type LinkContext, logoutWords } from './links.ts'
export { loginWords } from './login.ts'
export { mfaWords } from './mfa.ts'
export { networkAclRule } from './network-acl-rule.ts'
export { quotaBody } from './quota.ts'
export { type ClientOptions, SecretCollector, type SecretText, secretText } from './secret-text.ts'
export { tenantWords } from './tenant.ts'
