-- breaking: no
-- Credentials that Reign keeps itself: sealed under a data key each, which a master key outside Postgres wraps.

create table secrets (
  name text not null,
  -- '*' stands for every environment, and every tool.
  environment text not null,
  tool text not null,
  version integer not null,
  sealed jsonb not null,
  set_by text not null,
  set_at timestamptz not null,
  primary key (name, environment, tool)
);

-- Secrets that turned up in what a model was about to be shown; the model sees their names alone.
create table found_secrets (
  name text primary key,
  message_id text not null references messages (id),
  environment text not null,
  sealed jsonb not null,
  found_at timestamptz not null
);
create index found_secrets_by_age on found_secrets (found_at);

grant select, insert, update, delete on secrets to reign_gateway;
grant select on secrets to reign_worker;
grant select, insert on found_secrets to reign_worker;
grant select, delete on found_secrets to reign_gateway;
