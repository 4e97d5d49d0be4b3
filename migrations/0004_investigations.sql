-- breaking: yes
-- Messages that a language model works on: what it was told, what it looked at, what it used up.

alter table messages drop constraint messages_state_check;
alter table messages add constraint messages_state_check
  check (state in ('received', 'investigating', 'preparing', 'done'));

-- The plan that a message follows up: Reign itself asks the model what to make of how it ended.
alter table messages add column follow_up text;

-- Which model drafted a plan, by which prompts, at what cost; for people and the record.
alter table plans add column planned_by jsonb;

create table investigations (
  -- The message's.
  id text primary key references messages (id),
  conversation_id text not null references conversations (id),
  person text not null,
  authors text[] not null,
  -- What the authors have said; a proposal's words that are not among them came from elsewhere.
  words text[] not null,
  state text not null check (state in ('thinking', 'looking', 'proposed', 'ended')),
  version integer not null,
  transcript jsonb not null,
  looks jsonb not null,
  looked jsonb not null,
  spent jsonb not null,
  repairs integer not null default 0,
  failures integer not null default 0,
  model text not null,
  prompts text not null,
  started_at timestamptz not null,
  touched_at timestamptz not null,
  -- Until when nobody else takes its next turn.
  lease_until timestamptz
);
create index investigations_open on investigations (touched_at) where state in ('thinking', 'looking');
create index investigations_by_start on investigations (started_at);

grant select on investigations to reign_gateway, reign_worker;
grant insert, update on investigations to reign_gateway;
grant update (state, version, looks, looked, spent, repairs, touched_at, lease_until) on investigations to reign_worker;
