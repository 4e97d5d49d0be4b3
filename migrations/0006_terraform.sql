-- breaking: no
-- States and saved plans of Terraform, each sealed under a data key of its own; see docs/decisions/0014.

-- Who may write the state of a connection now.
create table terraform_locks (
  connection text primary key,
  -- The lock as it is held: id, step, operation, since, and what Terraform said of itself.
  lock jsonb,
  -- The step that took it last, whether or not it gave it back.
  locked_by text
);

-- The newest version is the state; the ones before stay for a while, for people.
create table terraform_states (
  connection text not null,
  version integer not null,
  lineage text not null,
  serial bigint not null,
  sealed jsonb not null,
  written_by text not null,
  written_at timestamptz not null default now(),
  primary key (connection, version)
);

create table terraform_plans (
  connection text not null,
  -- Of what the plan depends on: configuration, state, and what it would change.
  key text not null,
  sha256 text not null,
  sealed jsonb not null,
  made_at timestamptz not null default now(),
  primary key (connection, key)
);
create index terraform_plans_by_hash on terraform_plans (connection, sha256);

grant select, insert, update on terraform_locks to reign_worker;
grant select, insert, update, delete on terraform_states to reign_worker;
grant select, insert, delete on terraform_plans to reign_worker;
