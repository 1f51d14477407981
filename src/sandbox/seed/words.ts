/** A place that people sign in from. `network` is the first three bytes of its addresses, all of documentation ranges. */
export interface City {
  readonly city: string
  readonly code: string
  readonly country: string
  readonly latitude: number
  readonly longitude: number
  readonly zone: string
  /** Hours east of Greenwich. */
  readonly offset: number
  readonly network: string
}

export const CITIES: readonly City[] = [
  {
    city: 'Berlin',
    code: 'DE',
    country: 'Germany',
    latitude: 52.52,
    longitude: 13.4,
    zone: 'Europe/Berlin',
    offset: 1,
    network: '192.0.2',
  },
  {
    city: 'Lisbon',
    code: 'PT',
    country: 'Portugal',
    latitude: 38.72,
    longitude: -9.14,
    zone: 'Europe/Lisbon',
    offset: 0,
    network: '192.0.2',
  },
  {
    city: 'Paris',
    code: 'FR',
    country: 'France',
    latitude: 48.86,
    longitude: 2.35,
    zone: 'Europe/Paris',
    offset: 1,
    network: '198.51.100',
  },
  {
    city: 'Boston',
    code: 'US',
    country: 'United States',
    latitude: 42.36,
    longitude: -71.06,
    zone: 'America/New_York',
    offset: -5,
    network: '198.51.100',
  },
  {
    city: 'Seattle',
    code: 'US',
    country: 'United States',
    latitude: 47.61,
    longitude: -122.33,
    zone: 'America/Los_Angeles',
    offset: -8,
    network: '203.0.113',
  },
  {
    city: 'Tokyo',
    code: 'JP',
    country: 'Japan',
    latitude: 35.68,
    longitude: 139.69,
    zone: 'Asia/Tokyo',
    offset: 9,
    network: '203.0.113',
  },
  {
    city: 'São Paulo',
    code: 'BR',
    country: 'Brazil',
    latitude: -23.55,
    longitude: -46.63,
    zone: 'America/Sao_Paulo',
    offset: -3,
    network: '192.0.2',
  },
]

export const GIVEN_NAMES = [
  'Ada',
  'Amir',
  'Ana',
  'Ben',
  'Chen',
  'Clara',
  'David',
  'Elif',
  'Emma',
  'Femi',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Kenji',
  'Lea',
  'Luis',
  'Maya',
  'Noah',
  'Olga',
  'Priya',
  'Rosa',
  'Sam',
  'Tariq',
  'Uma',
  'Vera',
  'Wei',
  'Yara',
  'Zoe',
]

export const FAMILY_NAMES = [
  'Adler',
  'Baker',
  'Costa',
  'Diaz',
  'Evans',
  'Fischer',
  'Garcia',
  'Haddad',
  'Ito',
  'Jansen',
  'Kaya',
  'Lopes',
  'Martin',
  'Novak',
  'Okafor',
  'Patel',
  'Quinn',
  'Rossi',
  'Silva',
  'Tanaka',
  'Ueda',
  'Vogel',
  'Weber',
  'Young',
  'Zhang',
]

export const ORGANIZATIONS = ['Initech', 'Umbra Health', 'Northwind']

export const DEVICES = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) Safari/605.1',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148',
  'Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile',
  'Mozilla/5.0 (X11; Linux x86_64) Firefox/142.0',
]

/** Applications: three that people use, two that run by themselves, with the tokens these may have. */
export const PROGRAMS: readonly {
  readonly name: string
  readonly app_type: string
  readonly quota?: { readonly per_day: number; readonly per_hour: number }
}[] = [
  { name: 'Web shop', app_type: 'regular_web' },
  { name: 'Mobile app', app_type: 'native' },
  { name: 'Partner portal', app_type: 'spa' },
  { name: 'Nightly report', app_type: 'non_interactive', quota: { per_day: 200, per_hour: 20 } },
  { name: 'Warehouse sync', app_type: 'non_interactive', quota: { per_day: 1000, per_hour: 60 } },
]
