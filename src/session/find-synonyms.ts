/** What people call things, and what the catalogue calls them; each line in one direction. */
const CALLED = `
2fa: mfa authenticator
accept: allow
account: user
acl: network
ad: connection
add: create assign
address: email ip
adjust: update
admin: role
allow: acl
anyone: user
api: resource server
app: client
application: client
approve: allow
ask: invite send
attach: bind assign
attack: brute force
attacker: attack
audit: log
authorize: grant
azure: connection
backend: machine client application
backup: export recovery
ban: block
bind: binding
brand: branding
browser: device session
bulk: import export
cancel: delete revoke
captcha: captcha bot
certificate: key
change: update set
client: application
code: action code
colleague: member
colour: color
company: organization customer
configure: update set
confirm: verify verification
connector: connection
copy: export
count: stat
csv: export
customer: user organization
customise: update set custom
customize: update set custom
daemon: machine client
database: connection
datadog: log stream
deactivate: disable block
define: create update
destroy: delete
detach: unlink unbind
device: session device
directory: connection
disable: update set
display: get list
dns: domain
download: export
drop: delete
edit: update set
editor: role
email: email address
enable: update add
enrol: enroll enrollment
enroll: enrollment associate
erase: delete
everybody: user
everyone: user
expire: lifetime revoke
facebook: connection
factor: guardian authenticator
fail: failed error
fetch: get list
find: list search get
firewall: network acl
fix: update
forbid: block
forget: invalidate delete
forward: send stream
frontend: application client
github: connection
give: assign create add
go: deploy
google: connection
group: group role
guest: user
hacker: attack
hand: assign
history: log
human: user
idp: connection
inspect: get
invite: invitation
ip: ip anomaly
join: invite member
key: key signing credential
kill: revoke delete
language: custom text
launch: deploy
leak: breached
leaked: breached
lifetime: lifetime session
limit: quota rate
link: link ticket url
live: deploy
load: import
lock: block
lockout: block
login: login log
logo: branding
logout: session revoke
look: list get
lookup: list get
m2m: client credential
machine: client credential
magic: passwordless
mail: email send
make: create
mandatory: policy require
map: bind
member: member organization
merge: link import
metadata: metadata data
mfa: authenticator guardian factor method
migrate: import
mobile: application client
modify: update
monitor: log event
move: import
multi: guardian authenticator
multifactor: guardian authenticator mfa
nation: country
new: create
noone: user
note: metadata
oidc: connection
okta: connection
old: version
otp: totp
own: custom
owner: member
page: prompt branding template
pause: update
people: user
permission: permission scope
permit: allow grant authorize
person: user
phone: phone sms
prevent: block
production: deploy
profile: user
prohibit: block
proof: verify
provider: provider connection
publish: deploy
purge: delete
put: set update add
query: list search
read: get list
recent: list
record: user
register: create register
remove: delete
rename: update
renew: refresh rotate
report: export stat
require: policy require
resend: send
reset: reset delete change
restore: update
risky: adaptive policy
robot: bot
roll: rotate version
rule: rule acl
run: action
saml: connection
screen: page prompt
script: action
secret: secret credential
see: get list
send: send create
separate: unlink
server: machine client
service: machine client
setup: create update set
show: get list
sign: login signup signing
site: application client
smtp: email provider
social: connection
somebody: user
someone: user
split: unlink separate
splunk: log stream
sso: connection enterprise
staff: member
stop: block revoke delete
store: metadata update
stream: stream event
suspend: block
switch: update set
tail: log list
team: organization
tenant: tenant setting
tenants: tenant setting
test: test try
text: text sms
transfer: import export
translate: custom text
try: test
turn: update set
twilio: phone sms
undo: delete unlink
unlink: delete
unlock: unblock
upload: import
view: get list
visitor: user
watch: event log
webhook: http stream event
website: application client
wipe: delete
worker: action
world: country
write: create change
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
