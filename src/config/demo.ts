/** What Reign works with where nothing is configured: three people and two environments with a demo cluster each. */
export const demoConfig = {
  people: [
    { name: 'you', roles: ['operator'] },
    { name: 'bob', roles: ['lead'] },
    { name: 'carol', roles: ['lead'] },
  ],
  environments: {
    staging: {
      tier: 'nonproduction',
      aliases: ['stg', 'stage'],
      clusters: { main: { demo: true } },
    },
    production: {
      tier: 'production',
      aliases: ['prod', 'live'],
      clusters: { main: { demo: true } },
    },
  },
} as const;
