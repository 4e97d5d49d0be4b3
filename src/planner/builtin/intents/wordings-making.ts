/** See `other-wordings.ts`: containers, charts, infrastructure, repositories and pipelines. */
export const makingWordings: { readonly [intent: string]: readonly string[] } = {
  'docker.list': [
    'could i see <every container|all containers> on this machine, {all:including} <the stopped ones|those which have been stopped>',
    'containers<|, all that are running>?',
    'every container, {all:stopped} ones included',
    'all <docker |>containers incl. {all:stopped}<| ones>',
    'which containers are <up|alive|running> on this host',
  ],
  'docker.images': [
    'which images <are|do we have> on this <host|machine>',
    'could the local docker images be listed',
  ],
  'docker.logs': [
    'what has the container {name:<broker|cache-1>} <logged|printed><|, last {lines:50} lines>',
    'could the last {lines:<20|100>} lines of container {name:<proxy|db>} be shown',
    'container {name:<cron|relay>}: logs<|, {lines:30} lines>',
  ],
  'docker.run': [
    'can <you|u> spin up a container from {image:<caddy:2|redis:7-alpine>} on port {port:<9090|8080:80>}',
    'a container <called {name:<web1|probe>} |>should be started from {image:<nginx:1.27|httpd:2>}',
    'could a {image:<postgres:16|mongo:7>} container be started <with the name {name:tmpdb}|on port {port:5433}>',
  ],
  'docker.stop': [
    'the container {name:<broker|demo>} should be stopped<, please|>',
    'could container {name:<relay|cache>} be <stopped|shut down>',
    'halt the {name:<cron|proxy>} container',
  ],
  'docker.restart': [
    'container {name:<broker|mq>} is stuck, give it a <restart|kick>',
    'could the {name:<cache|proxy>} container be restarted',
    'the container {name:<web1|db>} needs a restart',
  ],
  'docker.remove': [
    'can the <stopped |old |>container {name:<board|lab_3>} be removed',
    'throw away the container <named |>{name:<lab_rat|tmp1>}',
    '{force:force}-remove container {name:<zombie|stuck_2>}',
    'the container {name:<old-web|probe>} should be <deleted|removed><, {force:by force}|>',
    'get rid of <the |>container {name:<test-7|mock>}',
  ],
  'docker.stats': [
    'how much <cpu|memory|ram> <is|does> each container <taking|use> on this host',
    'how much memory are our containers <taking|using>',
    'what does the container {name:<broker|mq>} <use|need> of cpu and memory',
    'containers: cpu, memory?',
  ],
  'docker.build': [
    'i added a Dockerfile in {path:<apps/web|./svc>}, could an image be built <out of|from> it',
    'docker build, {path:<./api|tools/x>}<, tag {tag:<api:1|x:0.8>}|>',
    'an image should be built from {path:<services/mail|web/>}<| and tagged {tag:mail:2}>',
  ],
  'docker.scan': [
    'does {image:<nginx:1.25|acme/api:2>} have any <cves|vulnerabilities|security holes>?',
    'could the image {image:<redis:6|x/y:3>} be <scanned|checked> for vulnerabilities',
    '{image:<caddy:2|a/b:1>}: cves?',
  ],
  'docker.create_network': [
    'two containers have to <talk|speak>, so make a docker network <called|with the name|named> {name:<bridge1|e2e-net>}',
    'docker net {name:<sand-net|lab>}, create',
    'i need a <new |>docker network, <call|name> it {name:<lab-net|shared|ci-tests>}',
    'could a docker network {name:<front|back-net>} be created',
  ],
  'docker.create_volume': [
    'docker volume {name:<pgdata|cache1>}, create',
    'set up a docker volume with the name {name:<store-1|pics>}',
    'i need a <new |>docker volume, <call|name> it {name:<dumps2|media>}',
    'could a <docker |>volume <called |named |>{name:<media|dumps>} be created',
    'a volume {name:<state|logs2>} is needed for docker, make it',
  ],
  'docker.compose_up': [
    'could the compose project in {path:<demo/shop|./stack>} be started',
    'the compose stack <in|from> {path:<ops/mon|infra/dev>} should <be brought up|come up|be started>',
    'compose, {path:<./demo|labs/a>}, up',
  ],
  'docker.compose_down': [
    'could the compose project in {path:<demo/shop|./stack>} be <stopped|taken down|shut down>',
    'the compose stack <in|from> {path:<ops/mon|infra/dev>} should be torn down',
    'compose, {path:<./demo|labs/a>}, down',
  ],
  'helm.list': [
    'i need to know which helm releases are installed in {environment:<prod|qa>}',
    'helm releases<, {environment:staging}| in the namespace {namespace:mon}>?',
    'could <all |the >helm releases <in {environment:uat}|> be listed',
  ],
  'helm.install': [
    'could the chart {chart:<jaeger/jaeger|bitnami/kafka>} be installed with the release name {release:<traces|bus>}<| in {environment:dev}>',
    'install {chart:<hashicorp/vault|grafana/loki>} from helm as {release:<safe|logs>}',
    'helm: {chart:<bitnami/redis|x/y>} as {release:<cache|yy>}, {environment:<dev|qa>}',
  ],
  'helm.upgrade': [
    'take the {release:<loki|edge>} helm release up to version {version:<5.47.1|2.0>} on {environment:<stg|prod>}',
    'the helm release {release:<traces|bus>} should be upgraded <to version {version:<3.1.0|7.2>}|> <in {environment:qa}|>',
    'helm: {release:<cache|safe>}, {environment:<prod|dev>}, to {version:<1.4.0|8.0>}',
    'bump <the |>release {release:<nginx-in|bus>} to chart {version:<4.11.0|2.2>} <on|in> {environment:<prod|qa>}',
  ],
  'helm.rollback': [
    'helm: {release:<edge-proxy|bus>}, {environment:<prod|qa>}, back to revision {revision:<6|2>}',
    'it would be best if the helm release {release:<traces|logs>} were rolled back<| to revision {revision:4}>',
    'since the last upgrade of the helm release {release:<safe|cache>} nothing works, roll it back',
  ],
  'helm.uninstall': [
    'the helm release {release:<old-bus|demo1>} should be <uninstalled|removed> <in {environment:dev}|>',
    'could the release {release:<poc|traces2>} be uninstalled with helm',
    'helm: {release:<trial|x1>}, {environment:<qa|dev>}, uninstall',
  ],
  'helm.status': [
    'helm: {release:<bus|safe>}, status?',
    'how is the helm release {release:<logs|edge>} doing <in {environment:prod}|>',
  ],
  'helm.history': [
    'helm: {release:<bus|safe>}, history',
    'which revisions has the helm release {release:<logs|edge>} had <in {environment:prod}|>',
  ],
  'terraform.generate': [
    'could you <write|draft> the terraform <code |>for <a|an> {resource:<pub/sub topic|sqs queue|storage account>} <on|in> {provider:<gcp|aws|azure>}',
    'my task is to have <an|a> {resource:<SNS topic|cloud run service>} on {provider:<aws|gcp>}, could you write the terraform code for it',
    'generate tf for a {resource:<key vault|load balancer>} in {provider:<azure|aws>}',
    'tf for a {resource:<cloud sql instance|vnet>}, {provider:<gcp|azure>}',
    'terraform for an {resource:<SQS queue|RDS instance>} on {provider:<aws|aws>}',
  ],
  'terraform.plan': [
    'i would like to see what terraform would change in {environment:<prod|staging>}; a plan only',
    'the workspace {path:<eu-edge|core>}, what would terraform <do|be doing> with it',
    'what would terraform change in {path:<infra/peer|stacks/net>}? run a plan <on {environment:prod}|>',
    'tf plan, workspace {path:<edge|mail>}<|, {environment:qa}>',
  ],
  'terraform.apply': [
    'go ahead and apply the {path:<edge-dns|core>} terraform workspace <on|in> {environment:<stg|prod>}',
    'looks good, terraform can be applied in {path:<stacks/dns|infra/net>} for {environment:<staging|qa>}',
    'tf apply, workspace {path:<eu-edge|mail>}',
    'could {path:<infra/db|labs/x>} be applied with terraform<| in {environment:dev}>',
  ],
  'terraform.destroy': [
    'everything terraform <created|made> from {path:<labs/camp|infra/poc>} should be destroyed',
    'tear down everything the {path:<load-lab|poc2>} terraform workspace made',
    'tf destroy, workspace {path:<trial|lab-3>}<|, {environment:dev}>',
  ],
  'terraform.output': [
    'tf outputs, {path:<infra/db|core>}',
    'which outputs does the terraform in {path:<stacks/net|edge>} have',
  ],
  'terraform.drift': [
    'has anything drifted in {path:<infra/db|core>}<, {environment:prod}|>?',
    'did somebody change by hand what terraform made in {path:<stacks/net|edge>}',
  ],
  'github.create_repo': [
    'a {private=false:public} repository <named|called> {repo:<acme/cook|labs/docs2>} should be <set up|created>',
    'could a {private:private} repo {repo:<acme/vaults|labs/keys2>} be created',
    'the team wants a <new |>repository, <name|call> it {repo:<acme/owl|labs/fox>}',
  ],
  'github.list_prs': [
    '{repo:<acme/api|labs/web>} PRs?',
    'PRs in {repo:<acme/mail|labs/geo>}',
    'which pull requests wait in {repo:<acme/x|labs/y>}',
  ],
  'github.create_pr': [
    'i pushed <everything |>to the branch {head:<feature/dark|fix/login>}, could a pull request be opened <for that |against {base:develop} |>in {repo:<acme/web|labs/ui>}',
    'PR from {head:<fix/a|feat/b>} <to|into> {base:<main|develop>} in {repo:<acme/api|labs/x>}<| titled {title:"mend it"}>',
    'a pull request from {head:<chore/deps|hot/1>} to {base:<main|release>} should be opened in {repo:<acme/geo|labs/y>}',
  ],
  'github.merge_pr': [
    'could pull request {number:<12|345>} of {repo:<acme/api|labs/web>} be merged<| with {method:squash}>',
    '{method:<squash|rebase>} and merge #{number:<412|7>} in {repo:<acme/web|labs/x>}',
    'PR {number:<88|9>} in {repo:<acme/geo|labs/y>} is approved, merge it',
  ],
  'github.create_issue': [
    'please file an issue in {repo:<acme/pdf|labs/web>} titled {title:<"export is empty"|"login fails">}',
    'an issue should be opened in {repo:<acme/api|labs/x>}: {title:<tests are flaky|the docs are outdated>}',
    'could an issue {title:<"slow search"|"typo in mail">} be filed in {repo:<acme/geo|labs/y>}',
  ],
  'github.create_release': [
    'could a release {tag:<v1.2.0|2.0.0>} of {repo:<acme/api|labs/web>} be published',
    '{repo:<acme/geo|labs/x>}: release {tag:<v3.0|1.9.1>}',
    'the release {tag:<v0.9|5.1>} should be <cut|published> in {repo:<acme/mail|labs/y>}',
  ],
  'cicd.generate': [
    'gh actions workflow, {language:<java|go|python>}, {repo:<acme/ledger|labs/x>}',
    'i would rather have github actions run the tests of my {language:<python|node>} project, could a workflow be written for it',
    'could a {language:<rust|go>} workflow be <written|generated> for {repo:<acme/api|labs/y>}',
  ],
  'cicd.status': [
    'the last workflow runs in <repository |>{repo:<acme/mail|labs/web>}, did they pass',
    '{repo:<acme/api|labs/x>}: ci green?',
    'have the runs of {workflow:<lint.yml|deploy.yml>} in {repo:<acme/geo|labs/y>} passed',
  ],
  'cicd.dispatch': [
    '{repo:<acme/quote|labs/web>}: <kick|start|run> {workflow:<publish.yml|deploy.yaml>} on {ref:<release/3.2|main>}',
    'the workflow {workflow:<docs.yml|smoke.yaml>} in {repo:<acme/cook|labs/x>} should be <started|run>',
    'trigger the workflow {workflow:<smoke.yaml|nightly.yml>}',
    '<start|run> {workflow:<site.yml|check.yaml>} <on|in> {repo:<acme/docs|labs/x>} against {ref:<main|dev>}',
    'kick off the {workflow:<docs|publish-site|nightly>} workflow <on|in|for> {repo:<acme/site|labs/docs|acme/x>}',
    'could {workflow:<build.yml|e2e.yml>} be started in {repo:<acme/api|labs/y>}<| on {ref:develop}>',
  ],
  'cicd.rerun': [
    'can the failed run {run:<6650911|123>} be repeated',
    'run {run:<99120|55>} failed because of the network, could it be <started again|rerun>',
    'the run {run:<777|81005>} in {repo:<acme/api|labs/x>} should be run again',
  ],
  'cicd.cancel': [
    'the workflow run {run:<81004|99>} was started by mistake, it should be cancelled',
    'in {repo:<acme/mail|labs/x>} run {run:<5012|76>} has to be <cancelled|stopped>',
    'could run {run:<300|4410>} of {repo:<acme/web|labs/y>} be cancelled',
  ],
  'monitoring.query': [
    'could you evaluate {query:<`sum(up) by (job)`|`rate(http_requests_total[5m])`>} for me',
    'i wonder what value {query:<`avg(node_load1)`|`sum(kube_pod_info)`>} <gives|has> right now',
  ],
  'monitoring.alerts': [
    '{environment:<prod|qa>}: alerts firing?',
    'anything <on fire|alerting|red> in {environment:<prod|live>}?',
    'could the firing alerts <of {environment:uat}|> be shown',
  ],
  'monitoring.silence': [
    '{alert:<DiskFull|HighLoad>} is just noise, silence that alert for <the next |>{duration:<3 hours|2h>}',
    'the alert {alert:<QueueDeep|PodDown>} should be <muted|silenced> for {duration:<30 minutes|1d>}',
    'could {alert:<CertSoon|LagHigh>} be silenced for {duration:<45m|4h>}',
  ],
  'monitoring.check': [
    'a customer says <that |>our shop is down; is {url:<https://shop.acme.io/ping|http://10.8.0.1/health>} healthy?',
    'the address {url:<http://10.8.0.14:8081/health|https://api.acme.io/>}, <is it|it is> answering well?',
    'could {url:<https://acme.io/up|http://localhost:81/>} be checked',
  ],
  'monitoring.load_test': [
    'i would be curious how {url:<http://localhost:5050/search|https://qa.acme.io/>} behaves under load, could it be load-tested for {duration:<2 minutes|30s>}',
    'load test {url:<https://uat.acme.io/v1|http://10.0.0.3/>}, {connections:<120|50>} conns, {duration:<90s|1m>}',
    '{url:<https://stg.acme.io/api|http://host:81/x>} should be put under load with {connections:<20|200>} connections',
  ],
  'shell.run': [
    'would you execute the shell command {command:<`df -h /var/lib`|`uptime`>} for me',
    'could the command {command:<`free -m`|`ls -la /srv`>} be run',
  ],
};
