// Which category of a log stream's filters a type of log event belongs to.
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  'auth.login.success': ['s'],
  'auth.login.fail': ['f', 'fp', 'fu', 'fc', 'fco', 'fcoa'],
  'auth.login.notification': ['w', 'mfar', 'limit_wc', 'limit_mu', 'limit_sul', 'pwd_leak', 'depnote'],
  'auth.logout.success': ['slo'],
  'auth.logout.fail': ['flo'],
  'auth.signup.success': ['ss'],
  'auth.signup.fail': ['fs'],
  'auth.silent_auth.success': ['ssa'],
  'auth.silent_auth.fail': ['fsa'],
  'auth.token_exchange.success': [
    'seacft',
    'seccft',
    'sede',
    'sens',
    'seoobft',
    'seotpft',
    'sepft',
    'sercft',
    'sertft',
    'secte',
    'ciba_exchange_succeeded',
  ],
  'auth.token_exchange.fail': [
    'feacft',
    'feccft',
    'fede',
    'fens',
    'feoobft',
    'feotpft',
    'fepft',
    'fepotpft',
    'fercft',
    'ferrt',
    'fertft',
    'fecte',
    'ciba_exchange_failed',
  ],
  'management.success': ['sapi', 'mgmt_api_read'],
  'management.fail': ['fapi'],
  'scim.event': ['sscim', 'fscim'],
  'system.notification': ['api_limit', 'api_limit_warning', 'acls_summary', 'token_quota_consumption_warning'],
  'user.success': ['sce', 'scp', 'scpn', 'scpr', 'scu', 'sdu', 'srrt', 'sui', 'sv', 'svr', 'si'],
  'user.fail': ['fce', 'fcp', 'fcpn', 'fcpr', 'fcu', 'fdu', 'fui', 'fv', 'fvr', 'fi'],
  'user.notification': ['cls', 'cs', 'fn', 'wn'],
  actions: ['actions_execution_failed'],
}

/** The category of a type; `other` where none names it. */
export function categoryOf(type: string): string {
  return Object.entries(CATEGORIES).find(([, types]) => types.includes(type))?.[0] ?? 'other'
}
