/** Releases of actions by the commit that they were made of: a tag can be moved, a commit can't. */
const pins = {
  'actions/cache': ['668228422ae6a00e4ad889ee87cd7109ec5666a7', 'v5.0.4'],
  'actions/checkout': ['de0fac2e4500dabe0009e67214ff5f5447ce83dd', 'v6.0.2'],
  'actions/setup-go': ['4a3601121dd01d1626a1e23e37211e3254c1c06c', 'v6.4.0'],
  'actions/setup-java': ['be666c2fcd27ec809703dec50e508c2fdc7f6654', 'v5.2.0'],
  'actions/setup-node': ['48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e', 'v6.4.0'],
  'actions/setup-python': ['a309ff8b426b58ec0e2a45f0f869d46889d02405', 'v6.2.0'],
  'azure/setup-helm': ['dda3372f752e03dde6b3237bc9431cdc2f7a02a2', 'v5.0.0'],
  'docker/build-push-action': ['bcafcacb16a39f128d818304e6c9c0c18556b85f', 'v7.1.0'],
  'docker/login-action': ['4907a6ddec9925e35a0a9e82d7399ccc52663121', 'v4.1.0'],
  'docker/metadata-action': ['030e881283bb7a6894de51c315a6bfe6a94e05cf', 'v6.0.0'],
  'docker/setup-buildx-action': ['4d04d5d9486b7bd6fa91e7baf45bbb4f8b9deedd', 'v4.0.0'],
  'hashicorp/setup-terraform': ['5e8dbf3c6d9deaf4193ca7a8fb23f2ac83bb6c85', 'v4.0.0'],
} as const;

/** A step's `uses`, with the release as a comment. */
export function uses(action: keyof typeof pins): string {
  const [commit, release] = pins[action];
  return `uses: ${action}@${commit} # ${release}`;
}
