/** Words of a sentence that say nothing of what is searched for. */
export const EMPTY = new Set(
  'a all an and any are as at be by can could do does for from give have how i in into is it its me my no not of on one or our so some such than that the their them then there these this to too up use want was we what when where which who with without your'.split(
    ' ',
  ),
)

/** What people call things, and what the catalogue calls them; each line in one direction. */
const CALLED = `
2fa: mfa authenticator
account: user
acl: network
ad: connection
add: create assign
address: email ip
allow: acl
app: client
application: client
api: resource server
attach: bind assign
audit: log
authorize: grant
ban: block
bind: binding
bulk: import export
cancel: delete revoke
certificate: key
change: update set
company: organization
configure: update set
customize: update set custom
customise: update set custom
database: connection
directory: connection
disable: update
display: get list
dns: domain
download: export
edit: update set
enable: update add
enrol: enroll enrollment
enroll: enrollment associate
erase: delete
factor: guardian authenticator
fetch: get list
find: list search get
firewall: network acl
fix: update
group: group role
history: log
idp: connection
inspect: get
invite: invitation
ip: ip anomaly
key: key signing credential
kill: revoke delete
limit: quota rate
link: link ticket url
login: login log
look: list get
lookup: list get
m2m: client credential
machine: client credential
magic: passwordless
make: create
member: member organization
merge: link
mfa: authenticator guardian factor
modify: update
monitor: log event
multi: guardian authenticator
multifactor: guardian authenticator mfa
new: create
otp: totp
page: prompt branding template
permission: permission scope
person: user
people: user
phone: phone sms
provider: provider connection
publish: deploy
query: list search
read: get list
recent: list
register: create register
remove: delete
rename: update
renew: refresh rotate
reset: reset delete change
resend: send
restore: update
role: role
rule: rule acl
script: action
see: get list
send: send create
show: get list
sign: login signup signing
smtp: email provider
social: connection
sso: connection enterprise
stop: block revoke delete
stream: stream event
switch: update set
tail: log list
tenant: tenant setting
tenants: tenant setting
test: test try
text: text sms
translate: custom text
turn: update set
twilio: phone sms
undo: delete
unlink: delete
upload: import
view: get list
watch: event log
webhook: http stream event
`

let known: ReadonlyMap<string, readonly string[]> | undefined

/**
 * What else a word may be called.
 *
 * @param word in the form that is searched.
 * @param stemOf brings a word into that form.
 */
export function synonymsOf(word: string, stemOf: (word: string) => string): readonly string[] {
  known ??= new Map(
    CALLED.trim()
      .split('\n')
      .map((line) => {
        const [called = '', others = ''] = line.split(': ')
        return [stemOf(called), others.split(' ').map(stemOf)]
      }),
  )
  return known.get(word) ?? []
}
