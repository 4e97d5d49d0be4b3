import { checkout } from './languages.ts';
import { uses } from './pins.ts';
import type { Recipe } from './recipe.ts';

/** Builds an image for each change, and pushes it to GitHub's registry from the main branch and from tags. */
export function imageWorkflow({ branch, folder }: Recipe): string {
  return `name: image

on:
  push:
    branches: [${branch}]
    tags: ['v*']
  pull_request:

permissions:
  contents: read

concurrency:
  group: \${{ github.workflow }}-\${{ github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
  image:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read
      packages: write
    steps:
${checkout}      - ${uses('docker/setup-buildx-action')}
      - ${uses('docker/metadata-action')}
        id: meta
        with:
          images: ghcr.io/\${{ github.repository }}
          tags: |
            type=semver,pattern={{version}}
            type=sha
      - ${uses('docker/login-action')}
        if: github.event_name != 'pull_request'
        with:
          registry: ghcr.io
          username: \${{ github.actor }}
          password: \${{ secrets.GITHUB_TOKEN }}
      - ${uses('docker/build-push-action')}
        with:
          context: ${folder}
          push: \${{ github.event_name != 'pull_request' }}
          tags: \${{ steps.meta.outputs.tags }}
          labels: \${{ steps.meta.outputs.labels }}
          cache-from: type=gha
          cache-to: type=gha,mode=max
`;
}

/** Checks a chart for each change; deploys it when started by hand, past the environment's own approvals. */
export function deployWorkflow({ branch, folder, name }: Recipe): string {
  return `name: deploy

on:
  pull_request:
  push:
    branches: [${branch}]
  workflow_dispatch:
    inputs:
      environment:
        description: Where to deploy
        type: environment
        required: true

permissions:
  contents: read

concurrency:
  group: \${{ github.workflow }}-\${{ inputs.environment || github.ref }}
  cancel-in-progress: false

jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
${checkout}      - ${uses('azure/setup-helm')}
        with:
          version: v3.17.2
      - run: helm dependency build ${folder}
      - run: helm lint --strict ${folder}
      - run: helm template ${name} ${folder} > /dev/null

  deploy:
    if: github.event_name == 'workflow_dispatch'
    needs: check
    runs-on: ubuntu-latest
    timeout-minutes: 20
    # The environment holds the secret KUBECONFIG, and says who has to approve.
    environment: \${{ inputs.environment }}
    env:
      NAMESPACE: \${{ inputs.environment }}
    steps:
${checkout}      - ${uses('azure/setup-helm')}
        with:
          version: v3.17.2
      - name: Write the kubeconfig
        env:
          CONFIG: \${{ secrets.KUBECONFIG }}
        run: |
          umask 077
          printf '%s' "$CONFIG" > "$RUNNER_TEMP/kubeconfig"
          echo "KUBECONFIG=$RUNNER_TEMP/kubeconfig" >> "$GITHUB_ENV"
      - run: helm dependency build ${folder}
      - run: helm upgrade ${name} ${folder} --install --namespace "$NAMESPACE" --atomic --wait --timeout 10m
      - if: always()
        run: rm -f "$RUNNER_TEMP/kubeconfig"
`;
}
