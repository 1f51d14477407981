// Words of the Management API that were chosen by hand; their interfaces are in src/catalogue/words.ts.
const QUOTA = 'https://auth0.com/docs/fine-grained-m2m-token-quotas'
const quota = {
  nullable: true,
  fields: [
    {
      name: 'perDay',
      wire: 'per_day',
      type: 'number',
      says: 'Tokens per UTC day, 1…2147483647.',
    },
    { name: 'perHour', wire: 'per_hour', type: 'number', says: 'Tokens per UTC hour, 1…2147483647.' },
    { name: 'enforce', type: 'boolean', says: '`false`: count and warn, never refuse.' },
  ],
  required: true,
  docs: QUOTA,
}
const milliseconds = (name, says) => ({ name, type: 'number', in: 'none', says })

export const treeWords = [
  {
    path: 'tenant',
    operation: 'tenants.settings.update',
    args: [],
    says: 'The tenant itself. `tenant().quotas()` reads or changes its default token quotas, both in one PATCH.',
    leads: 'quotas()',
    example: 'auth0.tenant().quotas().clients({ perDay: 200 })',
    docs: QUOTA,
  },
  {
    path: 'tenant().quotas',
    operation: 'tenants.settings.update',
    args: [],
    says: 'The default token quotas of the tenant.',
    leads: 'clients, organizations, get',
    example: 'auth0.tenant().quotas().get().run()',
    docs: QUOTA,
  },
  {
    path: 'tenant().quotas().get',
    operation: 'tenants.settings.get',
    args: [],
    says: 'Reads the present default quotas.',
    example: 'auth0.tenant().quotas().get().run()',
    docs: QUOTA,
  },
  {
    path: 'tenant().quotas().clients',
    operation: 'tenants.settings.update',
    ...quota,
    says: 'Quota of every client without one of its own; `null` clears it.',
    example: 'auth0.tenant().quotas().clients({ perDay: 200 }).run()',
  },
  {
    path: 'tenant().quotas().organizations',
    operation: 'tenants.settings.update',
    ...quota,
    says: 'Quota of every organization without one of its own; `null` clears it.',
    example: 'auth0.tenant().quotas().organizations({ perDay: 200 }).run()',
  },
  {
    path: 'clients().quota',
    operation: 'clients.update',
    ...quota,
    says: "Token quota of one application; `null` clears it, so that the tenant's default counts.",
    example: "auth0.clients('id').quota({ perDay: 200 })",
  },
  {
    path: 'organizations().quota',
    operation: 'organizations.update',
    ...quota,
    says: 'Token quota of one organization; `null` clears it.',
    example: "auth0.organizations('id').quota({ perDay: 200 })",
  },
  {
    path: 'users.every',
    operation: 'users.list',
    fields: [
      { name: 'q', says: 'Lucene query over the user search; all users when left out.' },
      { name: 'fields', says: 'Fields of the answer, separated by commas.' },
      { name: 'include_fields', type: 'boolean', says: 'False: the named fields are left out instead.' },
    ],
    says: 'All users that a query finds, however many, each once; a list ends after 1,000.',
    example: "auth0.users.every({ q: '(NOT _exists_:logins_count) OR logins_count:0' }).run()",
    docs: 'https://auth0.com/docs/manage-users/user-search/view-search-results-by-page',
  },
  {
    path: 'users.export',
    operation: 'jobs.usersExports.create',
    fields: [
      { name: 'connection_id', says: '`con_…`; all connections when left out.' },
      {
        name: 'format',
        values: ['json', 'csv'],
        fallback: 'json',
        says: '`json`, an object in each line, unless given.',
      },
      { name: 'fields', type: 'readonly string[]', says: "Fields by name; Auth0's own choice when left out." },
      { name: 'limit', type: 'number', says: 'Most users.' },
    ],
    optional: true,
    says: 'All users as the lines of an export job: makes the job, waits for it and reads its file.',
    example: "auth0.users.export({ format: 'csv', fields: ['user_id', 'email'] }).run()",
    docs: 'https://auth0.com/docs/manage-users/user-migration/bulk-user-exports',
  },
  {
    path: 'users.import',
    operation: 'jobs.usersImports.create',
    signature: '(records, { connection_id, upsert?, external_id?, send_completion_email? })',
    args: [
      { name: 'records', type: 'Iterable<UserImportRecord>', required: true, says: 'An array, or an async generator.' },
    ],
    fields: [
      { name: 'connection_id', required: true, says: '`con_…` of a database connection.' },
      { name: 'upsert', type: 'boolean', says: 'Update users that match by e-mail; false when left out.' },
      { name: 'external_id', says: 'Comes back in the jobs.' },
      { name: 'send_completion_email', type: 'boolean', says: "Mails the tenant's owners when a job is done." },
    ],
    says: 'Imports any number of users: splits them into files of 500 kB, two jobs at a time, and gathers what failed.',
    example: "auth0.users.import([{ email: 'new@example.com' }], { connection_id: 'con_0123456789abcdef' }).run()",
    docs: 'https://auth0.com/docs/manage-users/user-migration/bulk-user-imports',
  },
  {
    path: 'jobs().finished',
    operation: 'jobs.get',
    fields: [
      milliseconds('every', 'Milliseconds between two reads; 2000 when left out.'),
      milliseconds('timeout', 'Milliseconds after which it gives up; no limit when left out.'),
    ],
    says: 'Reads the job until it has ended.',
    example: "auth0.jobs('id').finished().run()",
    docs: 'https://auth0.com/docs/api/management/v2/jobs/get-jobs-by-id',
  },
  {
    path: 'networkAcls.rule',
    operation: 'networkAcls.create',
    args: [],
    says: 'Builds a rule word by word; ends in `create()`, `update(id)` or `set(id)`.',
    example: "auth0.networkAcls.rule().block().countries('IMG').scope('management').priority(1).describe('…').create()",
    docs: 'https://auth0.com/docs/secure/tenant-access-control-list',
  },
]
