import { z } from 'zod';
import { learnable } from '../learn/annotated.ts';
import type { IntentSource } from '../types.ts';

const lines = `why is {_:checkout} slow in prod?
why is {_:cart-api} crashing, can you find out and fix it
figure out why {_:payments} keeps restarting and fix it
find out why {_:web} returns 500s
{_:orders} is down, please fix it
{_:billing} has been throwing errors since last night, what's wrong?
what's wrong with {_:search} in staging?
something is off with the {_:ledger} service, investigate
investigate the latency spike on {_:gateway}
investigate why pods are getting evicted in prod
debug the failing deployment of {_:users} in staging
troubleshoot {_:mailer}, it keeps crashing
diagnose the memory leak in {_:feed} and propose a fix
look into the high error rate of {_:auth} and roll back if needed
dig into the timeouts between {_:web} and {_:api}
root cause the outage from this morning
the site is down, do something
prod is on fire, help us find the cause
customers report errors at checkout, can you look into it and fix whatever is broken
users complain that login is slow, find the bottleneck
our deploys are slow, find out why and make them faster
cpu on {_:api} is at 100%, what should we do?
why are so many pods pending in prod and what can we do about it?
why did the last deployment of {_:web} fail?
why is the ci pipeline red and who broke it?
deploy {_:web} v2 to staging, run the tests and then promote it to prod
build {_:api}, push the image and deploy it to dev
build the image from {_:./web}, push it to the registry and roll it out to staging
merge PR 12, tag a release and deploy it to prod
merge the PR, wait for the build and then deploy to staging
create a namespace {_:team-x}, deploy {_:redis} into it and expose it
create a namespace, a database and an ingress for the new {_:crm} service
create a repo {_:corp/geo}, add a pipeline and deploy it
create a new microservice with repo, ci and a helm chart
set up a new environment for team {_:blue} with postgres and redis
set up a complete dev environment for {_:shop}
set up monitoring, logging and alerts for {_:pricing}
set up prometheus and grafana dashboards for all services
set up a cluster on aws with vpc, node groups and monitoring
set up disaster recovery for our databases
set up ci/cd for the whole monorepo
provision a kubernetes cluster on gcp and install our stack on it
scale {_:web} to 5 and restart {_:api}
restart {_:api} and then check the logs
restart {_:web} in staging and scale {_:worker} to 3
drain {_:node-3}, reboot it and uncordon it again
cordon {_:worker-1}, drain {_:worker-2} and restart {_:ingest}
roll back {_:cart}, then restart {_:checkout} and check the logs
stop the {_:web} container, remove it and start a new one from {_:nginx:1.27}
terraform plan in {_:infra/vpc}, and apply it if there are only additions
run terraform apply for the network and then install the ingress chart
upgrade all helm releases to the latest versions and verify each one
upgrade the cluster to the next kubernetes version
upgrade the staging cluster to 1.31 and check that everything still works
upgrade the dev cluster to 1.29, one node after another
upgrade postgres from 13 to 16 without downtime
upgrade kubernetes from 1.28 to 1.29 on all clusters, one node at a time
migrate {_:users-db} to aurora with as little downtime as possible
migrate the whole {_:crm} app from ecs to kubernetes
migrate our jenkins jobs to github actions
move {_:billing} to the new cluster and switch dns over
move our workloads from the old node pool to the new one
move everything from docker swarm to kubernetes
replace nginx ingress by traefik everywhere
rotate all the database passwords and restart the services using them
rotate the tls certificates of every ingress that expires this month
rotate the api keys for {_:stripe} and redeploy
do a canary rollout of {_:api} v3 and promote it if the error rate stays low
do a blue green deployment of {_:web}
do a blue/green switch for {_:portal} and keep the old one for an hour
canary {_:feed} at 5% then 50% then 100%, roll back when latency rises
gradually shift traffic from {_:v1} to {_:v2} and watch the error rate
roll out {_:ledger} v5 region by region and stop if anything looks bad
compare prod and staging and tell me what differs
compare the config of dev and prod and fix the differences
find unused resources and delete them
find out what we can save on our cloud bill
reduce our cloud costs without hurting performance
cut our aws spend by 20%
clean up old namespaces, images and volumes that nobody uses
clean up the disk on all nodes and make sure it stays clean
optimize the resource requests of all deployments in prod
right-size all pods based on last week's usage
make {_:checkout} highly available
make our platform ready for black friday
get everything ready for the big sale: scale what needs scaling, check the alerts and run load tests
prepare prod for a tenfold traffic peak tomorrow across all services
prepare the release of {_:shop} 3.0 to production
plan the migration to the new region
review our security posture and fix the top issues
harden the cluster according to the cis benchmark
audit all images for vulnerabilities and patch the critical ones
scan all images in prod and update those with critical cves
patch all nodes for the new kernel vulnerability without downtime
patch every service that uses log4j
take a backup of {_:orders-db}, then run the schema migration
back up the database before you upgrade it and restore it if something fails
restore {_:ledger-db} from last night's backup and replay the missing events
fail over to the secondary region and make sure that nothing is lost
load test {_:checkout}, find its limits and set up autoscaling accordingly
run a load test and scale {_:api} until p95 is under 200ms
write a runbook for database failover
write a postmortem for yesterday's incident
design an architecture for our new event pipeline
which of our services should we move to spot instances?
what would happen if we lost {_:eu-west-1a}?
is our setup ready for production? check everything
check all services in prod and restart the unhealthy ones
check why {_:inventory} and {_:pricing} disagree and repair the data
restart everything in staging that is not healthy
deploy the latest version of all services to staging and run the smoke tests
deploy {_:shop} to all regions one after another
onboard the new team: namespaces, repos, pipelines and access
give the {_:data} team access to staging with their own namespace and quota
decommission the {_:legacy} service: dns, database, deployment and repo
tear down everything that belongs to {_:old-crm} in all environments
we got paged for high memory on several nodes, sort it out
we were paged for {_:kafka} lag, find out why and fix it
the database is almost full, what are our options?
disk is filling up on {_:db-1}, clean it up and resize it
the {_:api} pods keep getting OOMKilled, what memory limit should we set and apply it
the ingress returns 504s now and then, find out what causes it
error rate went up after the last deploy, find the bad change and revert it
{_:checkout} p95 doubled since yesterday, can you dig in?
{_:payments} latency is horrible in prod, please sort it out
{_:search} is slow, make it faster
{_:web} is flapping, look at logs and events and tell me what is going on
something broke after the node upgrade, find it and roll back whatever is needed
our staging environment drifted from prod, bring it back in line
sync staging with prod
copy the production database into staging with anonymized data
clone the prod environment for the {_:qa} team
spin up a preview environment for PR 88 with database and seed data
automate our weekly release process
build a dashboard for {_:checkout} with latency, errors and saturation
create slos for our core services and alert on burn rate
enable mtls between all services
introduce a service mesh in staging and then in prod
containerize the {_:legacy-crm} app and deploy it to kubernetes
convert our docker compose file to helm charts
write helm charts and a pipeline for {_:crm} and deploy it
dockerize {_:corp/tool} and set up its pipeline
help me set up a highly available postgres on kubernetes
deploy a kafka cluster with three brokers and monitoring
deploy {_:redis}, {_:postgres} and {_:rabbitmq} to dev
install cert-manager, external-dns and ingress-nginx on the new cluster
install the monitoring stack, then import our dashboards and alerts
create an s3 bucket, a cloudfront distribution and point the domain at it
write terraform for the vpc, apply it and then install the cluster
create a release of {_:corp/api}, build its image and deploy it to staging
open a PR that bumps the image tag and merge it when ci is green
rerun the failed pipeline and deploy if it passes
fix the broken build in {_:corp/web}
fix the flaky tests in {_:corp/api} and open a PR
find out who deployed the bad version and roll it back everywhere
what caused the outage last night and how do we prevent it?
what's causing the 503s on the {_:edge} gateway?
how can we make deployments safer?
how should we split the monolith?
how do we get {_:checkout} under 100ms?
should we scale {_:web} or add caching?
which services are over-provisioned and what would you change?
why did costs go up this month?
why does {_:worker} keep dying and what do we do about it
tell me which pods are unhealthy and fix them
make sure every deployment in prod has at least two replicas and a pdb
ensure that all namespaces have network policies
add resource limits to every deployment that lacks them
update the base image of all services and redeploy them one by one
pin all images to digests
turn on autoscaling for all services that need it
run the database migration for {_:orders}, then deploy the new version and verify it
stop {_:worker}, run the migration and start it again
scale {_:api} to zero, restore the database and scale it back up
pause {_:cron}, drain the queue, then resume
if {_:checkout} is unhealthy roll it back, otherwise scale it to 6
if the error rate of {_:web} is above 2% roll back, else continue
whenever {_:queue} gets longer than 1000 add two workers
keep an eye on {_:checkout} for the next hour and roll back if it degrades
watch the rollout of {_:api} and revert it if latency rises
wait until the load drops and then restart {_:db-proxy}
silence all alerts, upgrade the nodes and then remove the silence
take {_:web-3} out of the load balancer, patch it and put it back
a customer sees stale data, find out where the cache goes wrong
our certificates expire next week, renew them all and verify
the cronjob did not run last night, find out why and run it again
we need a staging copy of everything for the {_:loyalty} launch
we need logging, metrics and tracing for {_:fraud}
i want zero-downtime deployments for {_:portal}, set that up
i want a weekly report of failed deployments and their causes
get {_:billing} back to a healthy state`;

export const complexIntents: readonly IntentSource[] = [
  learnable('complex', 'several operations or judgement', 'read', z.object({}), lines.split('\n')),
];
