import { uses } from './pins.ts';
import type { Recipe } from './recipe.ts';

/** The job that builds and tests one language. */
export function languageJob(recipe: Recipe): string {
  switch (recipe.kind) {
    case 'node':
      return job('node', ['22', '24'], nodeSteps(recipe));
    case 'python':
      return job('python', ["'3.12'", "'3.13'"], pythonSteps(recipe));
    case 'go':
      return job('go', ['oldstable', 'stable'], goSteps);
    case 'java':
      return job('java', ['17', '21'], javaSteps(recipe));
    case 'rust':
      return job('toolchain', ['stable', 'beta'], rustSteps);
    case 'terraform':
      return terraformJob(recipe);
    default:
      throw new Error(`${recipe.kind} is no language.`);
  }
}

/** Checks the code out without leaving the token behind for later steps. */
export const checkout = `      - ${uses('actions/checkout')}
        with:
          persist-credentials: false
`;

function job(axis: string, versions: readonly string[], steps: string): string {
  return `  test:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    strategy:
      fail-fast: false
      matrix:
        ${axis}: [${versions.join(', ')}]
    steps:
${checkout}${steps}`;
}

function nodeSteps({ tool }: Recipe): string {
  const manager = tool === 'yarn' || tool === 'pnpm' ? tool : 'npm';
  const corepack = manager === 'npm' ? '' : '      - run: corepack enable\n';
  const cache = tool === 'npm-unlocked' ? '' : `          cache: ${manager}\n`;
  const install = {
    npm: tool === 'npm' ? 'npm ci' : 'npm install',
    yarn: 'yarn install --immutable',
    pnpm: 'pnpm install --frozen-lockfile',
  }[manager];
  const test = { npm: 'npm test', yarn: 'yarn test', pnpm: 'pnpm test' }[manager];
  const build = manager === 'npm' ? '      - run: npm run build --if-present\n' : '';
  return `${corepack}      - ${uses('actions/setup-node')}
        with:
          node-version: \${{ matrix.node }}
${cache}      - run: ${install}
${build}      - run: ${test}
`;
}

function pythonSteps({ tool }: Recipe): string {
  const file = tool === 'requirements' ? 'requirements.txt' : 'pyproject.toml';
  const install =
    tool === 'requirements' ? 'python -m pip install -r requirements.txt' : 'python -m pip install .';
  return `      - ${uses('actions/setup-python')}
        with:
          python-version: \${{ matrix.python }}
          cache: pip
          cache-dependency-path: ${file}
      - run: ${install}
      - run: python -m pip install pytest
      - run: python -m pytest
`;
}

const goSteps = `      - ${uses('actions/setup-go')}
        with:
          go-version: \${{ matrix.go }}
      - run: go vet ./...
      - run: go test -race ./...
`;

function javaSteps({ tool }: Recipe): string {
  const build = tool === 'gradle' ? './gradlew build' : 'mvn --batch-mode verify';
  return `      - ${uses('actions/setup-java')}
        with:
          distribution: temurin
          java-version: \${{ matrix.java }}
          cache: ${tool}
      - run: ${build}
`;
}

const rustSteps = `      - run: rustup toolchain install \${{ matrix.toolchain }} --profile minimal --component rustfmt,clippy
      - run: rustup default \${{ matrix.toolchain }}
      - ${uses('actions/cache')}
        with:
          path: |
            ~/.cargo/registry
            ~/.cargo/git
            target
          key: \${{ runner.os }}-\${{ matrix.toolchain }}-\${{ hashFiles('**/Cargo.lock') }}
      - run: cargo fmt --check
      - run: cargo clippy --all-targets -- -D warnings
      - run: cargo test
`;

function terraformJob({ folder }: Recipe): string {
  return `  validate:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    defaults:
      run:
        working-directory: ${folder}
    env:
      TF_IN_AUTOMATION: 'true'
      TF_PLUGIN_CACHE_DIR: \${{ github.workspace }}/.terraform-plugins
    steps:
${checkout}      - ${uses('hashicorp/setup-terraform')}
        with:
          terraform_wrapper: false
      - ${uses('actions/cache')}
        with:
          path: .terraform-plugins
          key: \${{ runner.os }}-terraform-\${{ hashFiles('**/.terraform.lock.hcl') }}
      - run: mkdir -p "$TF_PLUGIN_CACHE_DIR"
      - run: terraform fmt -check -recursive
      - run: terraform init -backend=false -input=false
      - run: terraform validate
`;
}
