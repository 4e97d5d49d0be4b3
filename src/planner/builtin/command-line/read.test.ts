import { expect, test } from 'vitest';
import { readMessage } from '../text/message.ts';
import { readCommandLine } from './read.ts';

const read = (text: string) => readCommandLine(readMessage(text));

test.each([
  ['kubectl -n shop get po', 'kubernetes.list', { kind: 'pods', namespace: 'shop' }],
  ['kubectl get pod web-0', 'kubernetes.describe', { kind: 'pod', name: 'web-0' }],
  ['k logs -f deploy/web -c app --tail 50', 'kubernetes.logs', { name: 'web', lines: '50' }],
  [
    'kubectl set image deploy/w w=r.io/w:2 -n x',
    'kubernetes.set_image',
    { name: 'w', image: 'r.io/w:2', namespace: 'x' },
  ],
  ['docker rm -f db', 'docker.remove', { name: 'db', force: 'true' }],
  [
    'docker run -d -p 80:80 --name w nginx:1 sleep 5',
    'docker.run',
    { image: 'nginx:1', name: 'w', port: '80:80' },
  ],
  ['docker-compose -f a/b.yml up', 'docker.compose_up', { path: 'a/b.yml' }],
  ['helm upgrade --install a b/c --version 1', 'helm.upgrade', { release: 'a', chart: 'b/c', version: '1' }],
  [
    'helm upgrade a ./c --set image.tag=2 --set=b.c=true --set-string d=1',
    'helm.upgrade',
    { release: 'a', chart: './c', values: 'image.tag=2,b.c=true,d="1"' },
  ],
  ['helm upgrade a ./c -f prod.yaml', 'helm.upgrade', { release: 'a', chart: './c', values: 'prod.yaml' }],
  ['helm template ./charts/a', 'helm.template', { chart: './charts/a' }],
  ['helm get values a -n b', 'helm.values', { release: 'a', namespace: 'b' }],
  ['terraform -chdir=infra plan', 'terraform.plan', { path: 'infra' }],
  ['terraform plan -refresh-only infra', 'terraform.drift', { path: 'infra' }],
  ['tofu -chdir=infra apply -destroy', 'terraform.destroy', { path: 'infra' }],
  ['terraform state list', 'terraform.state_list', {}],
  [
    'gh pr create -R a/b --title "Fix it" -H x',
    'github.create_pr',
    { repo: 'a/b', title: 'Fix it', head: 'x' },
  ],
  ['please run docker ps -a', 'docker.list', { all: 'true' }],
])('%s', (text, intent, values) => {
  expect(read(text)).toEqual({ intent, values, whole: true });
});

test('words that are no part of the command leave only the intent', () => {
  expect(read('terraform plan in infra/net')).toMatchObject({ intent: 'terraform.plan', whole: false });
});

test.each(['kubectl get pods | grep x', 'kubectl frobnicate', 'restart web', 'docker', 'helm "unclosed'])(
  'no command of ours: %s',
  (text) => expect(read(text)).toBeUndefined(),
);
