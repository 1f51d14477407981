// What a field means, in a sentence, for the fields of the documented flows: what a hover shows beside its type. By the
// exported name of the type. The generator bakes them into generated/types.ts; a name that is gone makes it fail.

const user = {
  email: 'Address of the user; unique in the connection. A change sets email_verified to false.',
  phone_number: 'E.164, such as +15550100.',
  user_metadata: 'What the user may change. Merged key by key; null deletes a key.',
  app_metadata: 'What the user may not change, such as plan and permissions. Merged key by key; null deletes a key.',
  blocked: 'A blocked user cannot log in.',
  email_verified: 'Whether the address is known to belong to the user.',
  phone_verified: 'Whether the phone is known to belong to the user.',
  name: 'Full name.',
  nickname: 'Short name; taken from the address when left out.',
  picture: 'URL of a picture.',
  verify_email: 'Whether Auth0 sends an e-mail to verify the address.',
  username: 'Only in connections that require one.',
}
const acl = {
  description: 'What the rule is for.',
  active: 'An inactive rule does nothing.',
  priority: 'Lower runs first; unique in the tenant, 50 when left out.',
  rule: 'What matches, and what happens to it.',
}
const paged = {
  page: 'Page number, from 0.',
  per_page: 'Records per page.',
  include_totals: 'Counts all records as well.',
}
const fields = {
  fields: 'Fields of the answer, separated by commas.',
  include_fields: 'false: the fields that are named are left out instead.',
}
const ticket = {
  result_url: 'Where the user goes afterwards.',
  ttl_sec: 'Seconds for which the link is valid; 432000 when left out.',
  client_id: 'Application that the user goes back to.',
  organization_id: 'Organization whose branding is shown.',
}

export const sentences = {
  ListUsersParameters: {
    ...paged,
    ...fields,
    q: 'Lucene query over the user search, such as email:*@example.com AND blocked:true.',
    search_engine: 'Version of the user search: v3.',
    sort: 'Field and order: created_at:1 or created_at:-1.',
    connection: 'Name of a connection; only with search engine v1.',
  },
  GetUserParameters: fields,
  ListUsersByEmailParameters: { ...fields, email: 'Whole address, in lower case.' },
  CreateUser: {
    ...user,
    user_id: 'Id without the prefix of the connection; Auth0 makes one when left out.',
    connection: 'Name of a database, sms or email connection.',
    password: 'Must meet the policy of the connection.',
  },
  UpdateUser: {
    ...user,
    verify_phone_number: 'Whether Auth0 sends a message to verify the phone.',
    password: 'New password; ends the sessions of the user.',
    connection:
      'Connection whose identity changes; needed with email, phone_number, username and password of linked users.',
    client_id: 'Application whose e-mail templates are used.',
  },
  CreateNetworkAcl: acl,
  SetNetworkAcl: acl,
  UpdateNetworkAcl: acl,
  NetworkAclRule: {
    action: 'One of block, allow, log and redirect.',
    match: 'All of these signals must match; values of one signal are alternatives.',
    not_match: 'None of these signals may match.',
    scope: 'Which endpoints it guards: management, authentication, tenant or dynamic_client_registration.',
    match_all: 'Matches every request; instead of match and not_match.',
  },
  NetworkAclAction: {
    block: 'Answers with a block page.',
    allow: 'Lets the request through and ends evaluation.',
    log: 'Counts the request and goes on.',
    redirect: 'Sends the client to redirect_uri.',
    redirect_uri: 'Needed by redirect, and by nothing else.',
  },
  NetworkAclMatch: {
    asns: 'Numbers of autonomous systems.',
    geo_country_codes: 'ISO 3166-1 alpha-2, such as US.',
    geo_subdivision_codes: 'ISO 3166-2, such as US-CA.',
    ipv4_cidrs: 'Addresses or ranges, such as 203.0.113.0/24.',
    ipv6_cidrs: 'Addresses or ranges, such as 2001:db8::/32.',
    ja3_fingerprints: 'JA3 fingerprints of the TLS client.',
    ja4_fingerprints: 'JA4 fingerprints of the TLS client.',
    auth0_managed: 'Names of lists that Auth0 keeps.',
    user_agents: 'Parts of the User-Agent header.',
    hostnames: 'Host that the request is for.',
  },
  TokenQuotaClientCredentials: {
    enforce: 'false: counts and warns, never refuses.',
    per_day: 'Tokens per UTC day.',
    per_hour: 'Tokens per UTC hour.',
  },
  DefaultTokenQuota: {
    clients: 'For every application without a quota of its own.',
    organizations: 'For every organization without a quota of its own.',
  },
  ListLogsParameters: {
    ...paged,
    ...fields,
    sort: 'Field and order: date:1 or date:-1.',
    from: 'Log id to begin after; beside it only take counts.',
    take: 'Records per page when paging by from.',
    search: 'Free text; q says it better.',
    q: 'Lucene query, such as type:f AND client_id:abc.',
  },
  VerifyEmailTicket: { ...ticket, user_id: 'Whose address is verified.', identity: 'Which identity of a linked user.' },
  ChangePasswordTicket: {
    ...ticket,
    user_id: 'Whose password changes; or email with connection_id.',
    connection_id: 'Database of the address in email.',
    email: 'Address of the user; with connection_id.',
    mark_email_as_verified: 'Whether following the link verifies the address.',
  },
  CreateOrganizationInvitation: {
    inviter: 'Who invites, as the e-mail names them.',
    invitee: 'Who is invited.',
    client_id: 'Application of the invitation; needs an initiate_login_uri.',
    connection_id: 'Connection that the invitee must use.',
    ttl_sec: 'Seconds for which it is valid; 604800 when left out.',
    roles: 'Ids of roles that the new member gets.',
    send_invitation_email: 'false: no e-mail; invitation_url of the answer is the link.',
  },
  CreateExportUsers: {
    connection_id: 'Connection whose users are exported; all when left out.',
    format: 'json or csv.',
    limit: 'Most users; all when left out.',
    fields: 'Fields of each user, and what they are called in the file.',
  },
  CreateVerificationEmail: {
    user_id: 'Who gets the e-mail.',
    client_id: 'Application whose template is used; the global one when left out.',
    organization_id: 'Organization whose branding is shown.',
  },
}
