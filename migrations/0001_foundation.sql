-- breaking: yes
-- The record of everything: conversations, plans, decisions, and the chained audit.

do $$
begin
  if not exists (select from pg_roles where rolname = 'reign_gateway') then
    create role reign_gateway nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'reign_worker') then
    create role reign_worker nologin;
  end if;
exception when duplicate_object or unique_violation then
  -- Another database of this server made the roles in the same moment.
  null;
end $$;

create table conversations (
  id text primary key,
  title text not null,
  created_by text not null,
  context jsonb not null default '{}',
  context_authors text[] not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table messages (
  id text primary key,
  conversation_id text not null references conversations (id),
  -- team + channel + message id, or the caller's idempotency key: the same message is stored once.
  dedupe_key text not null unique,
  person text not null,
  text text not null,
  state text not null check (state in ('received', 'preparing', 'done')),
  draft jsonb,
  authors text[] not null default '{}',
  plan_id text,
  attempts integer not null default 0,
  outcome text,
  received_at timestamptz not null,
  done_at timestamptz
);
create index messages_open on messages (received_at) where state <> 'done';

create table questions (
  id text primary key,
  conversation_id text not null references conversations (id),
  message_id text not null references messages (id),
  person text not null,
  body jsonb not null,
  answer text,
  asked_at timestamptz not null,
  answered_at timestamptz
);
create index questions_open on questions (conversation_id) where answered_at is null;

create sequence chat_seq;
create table chat_entries (
  conversation_id text not null references conversations (id),
  key text not null,
  seq bigint not null default nextval('chat_seq'),
  first_seq bigint not null default currval('chat_seq'),
  kind text not null,
  plan_id text,
  -- What the plan's own rows do not hold; cards and progress are drawn from those when they are read.
  body jsonb not null,
  only_for text,
  at timestamptz not null,
  primary key (conversation_id, key)
);

create table plans (
  id text primary key,
  conversation_id text not null references conversations (id),
  message_id text references messages (id),
  goal text not null,
  state text not null,
  version integer not null,
  revision integer not null,
  requester text not null,
  authors text[] not null,
  on_failure text not null,
  undo_of text references plans (id),
  undo_via text,
  digest text not null,
  approval jsonb not null,
  policy_hash text not null,
  expires_at timestamptz,
  cancel_requested boolean not null default false,
  -- Why it waits, for people only.
  note text,
  outcome text,
  lock_requested_at timestamptz,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz
);
create index plans_open on plans (state) where ended_at is null;
create index plans_by_time on plans (created_at desc);
create index plans_by_conversation on plans (conversation_id);

create table steps (
  id text primary key,
  plan_id text not null references plans (id),
  key text not null,
  position integer not null,
  operation text not null,
  operation_version integer not null,
  mode text not null,
  undo_of text,
  request jsonb not null,
  input jsonb not null,
  needs text[] not null,
  state text not null,
  version integer not null,
  environment text,
  place text,
  tier text not null,
  targets text[] not null,
  risk jsonb not null,
  undo_kind text not null,
  title text not null,
  by_hand text,
  -- The latest line of progress, for people only.
  note text,
  preview jsonb,
  credentials jsonb,
  captured jsonb,
  output jsonb,
  verification jsonb,
  fault jsonb,
  lease_until timestamptz,
  worker text,
  attempts integer not null default 0,
  ready_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  unique (plan_id, key)
);
create index steps_waiting on steps (ready_at) where state in ('ready', 'rolling-back', 'unclear', 'verifying');
create index steps_leased on steps (lease_until) where lease_until is not null;

-- Who holds which target. One row a target; containment is checked under the lock table's advisory lock.
create table locks (
  -- Byte order, so that what lies below a target is one range of the index.
  target text collate "C" primary key,
  plan_id text not null references plans (id),
  taken_at timestamptz not null
);
create index locks_by_plan on locks (plan_id);

-- Signed by the gateway; `at` stays text, since it is under the signature.
create table decisions (
  id text primary key,
  plan_id text not null references plans (id),
  revision integer not null,
  digest text not null,
  person text not null,
  verdict text not null,
  via text not null,
  reason text,
  at text not null,
  signature text not null
);
create unique index decisions_once on decisions (plan_id, revision, person, verdict);

create table freezes (
  id text primary key,
  scope text not null,
  reason text not null,
  frozen_by text not null,
  frozen_at timestamptz not null,
  until timestamptz,
  ended_at timestamptz,
  ended_by text
);
create index freezes_open on freezes (scope) where ended_at is null;

create table sign_in_links (
  token_hash text primary key,
  person text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table sessions (
  token_hash text primary key,
  person text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table audit_heads (
  chain text primary key,
  seq bigint not null,
  hash text not null,
  checkpointed_seq bigint not null default 0
);
create index audit_heads_changed on audit_heads (chain) where seq > checkpointed_seq;

create table audit_events (
  chain text not null,
  seq bigint not null,
  at text not null,
  type text not null,
  actor text not null,
  payload_hash text not null,
  previous text not null,
  hash text not null,
  primary key (chain, seq)
);
create index audit_events_by_time on audit_events (at desc);

-- Payloads can be erased (retention); the chain keeps their hashes.
create table audit_payloads (
  chain text not null,
  seq bigint not null,
  payload text not null,
  primary key (chain, seq)
);

create table audit_checkpoints (
  id bigint primary key,
  at text not null,
  previous text not null,
  heads jsonb not null,
  hash text not null,
  signature text not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only: % on % is refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create trigger audit_events_append_only before update or delete or truncate on audit_events
  for each statement execute function refuse_change();
create trigger audit_checkpoints_append_only before update or delete or truncate on audit_checkpoints
  for each statement execute function refuse_change();
create trigger decisions_append_only before update or delete or truncate on decisions
  for each statement execute function refuse_change();

-- Appends events to their chains. `events`: [{chain, type, actor, at, payload}], payload as canonical JSON text.
-- Takes each chain's head last in a transaction, so that heads are held as briefly as can be.
create function append_audit(events jsonb) returns void language plpgsql security definer set search_path = public as $$
declare
  event jsonb;
  head record;
  payload_digest text;
  next_seq bigint;
  next_hash text;
begin
  for event in
    select value from jsonb_array_elements(events) with ordinality order by value ->> 'chain', ordinality
  loop
    insert into audit_heads as h (chain, seq, hash) values (event ->> 'chain', 0, repeat('0', 64))
      on conflict (chain) do update set chain = excluded.chain
      returning h.seq, h.hash into head;
    payload_digest := encode(sha256(convert_to(event ->> 'payload', 'UTF8')), 'hex');
    next_seq := head.seq + 1;
    next_hash := encode(sha256(convert_to(concat_ws(E'\n', head.hash, event ->> 'chain', next_seq::text,
      event ->> 'at', event ->> 'type', event ->> 'actor', payload_digest), 'UTF8')), 'hex');
    insert into audit_events (chain, seq, at, type, actor, payload_hash, previous, hash)
      values (event ->> 'chain', next_seq, event ->> 'at', event ->> 'type', event ->> 'actor',
        payload_digest, head.hash, next_hash);
    insert into audit_payloads (chain, seq, payload) values (event ->> 'chain', next_seq, event ->> 'payload');
    update audit_heads set seq = next_seq, hash = next_hash where chain = event ->> 'chain';
  end loop;
end $$;

-- A plan with its steps, its decisions and the freezes that are in force, all as of one moment.
create function read_plan(plan text) returns json language sql stable as $$
  select json_build_object(
    'plan', row_to_json(p),
    'steps', (select coalesce(json_agg(s order by s.position), '[]') from steps s where s.plan_id = p.id),
    'decisions', (select coalesce(json_agg(d order by d.at), '[]') from decisions d where d.plan_id = p.id),
    'freezes', (select coalesce(json_agg(f), '[]') from freezes f
      where f.ended_at is null and (f.until is null or f.until > now()))
  ) from plans p where p.id = plan
$$;

-- The same, locked against every other writer. It is read once the lock is held, and so shows what was committed
-- while it waited.
create function lock_plan(plan text) returns json language plpgsql as $$
begin
  perform from plans where id = plan for update;
  return read_plan(plan);
end $$;

-- Writes all that a transaction has collected in one round trip and in the order that all transactions keep: plans,
-- steps, chat entries, audit. A change names the version it saw; when that is no longer there, all of it is refused.
create function write_changes(plan_changes jsonb, step_changes jsonb, entries jsonb, events jsonb) returns void
language plpgsql as $$
declare
  change jsonb;
begin
  for change in select value from jsonb_array_elements(plan_changes) loop
    if change -> 'patch' = '{}' then
      -- Nothing changes, as long as nothing has changed.
      perform from plans p where p.id = change ->> 'id' and p.version = (change ->> 'version')::integer for share;
      if not found then
        raise exception 'The plan % has changed in the meantime; look at it again.', change ->> 'id' using errcode = 'RG001';
      end if;
      continue;
    end if;
    update plans p set (state, version, revision, authors, digest, approval, policy_hash, expires_at, cancel_requested,
        note, outcome, lock_requested_at, started_at, ended_at) =
      (select n.state, n.version, n.revision, n.authors, n.digest, n.approval, n.policy_hash, n.expires_at,
        n.cancel_requested, n.note, n.outcome, n.lock_requested_at, n.started_at, n.ended_at
        from jsonb_populate_record(p, change -> 'patch') n)
      where p.id = change ->> 'id' and p.version = (change ->> 'version')::integer;
    if not found then
      raise exception 'The plan % has changed in the meantime; look at it again.', change ->> 'id' using errcode = 'RG001';
    end if;
  end loop;
  for change in select value from jsonb_array_elements(step_changes) loop
    update steps s set (state, version, risk, preview, credentials, captured, output, verification, fault, lease_until, worker,
        attempts, ready_at, started_at, ended_at, note) =
      (select n.state, n.version, n.risk, n.preview, n.credentials, n.captured, n.output, n.verification, n.fault, n.lease_until,
        n.worker, n.attempts, n.ready_at, n.started_at, n.ended_at, n.note
        from jsonb_populate_record(s, change -> 'patch') n)
      where s.id = change ->> 'id' and s.version = (change ->> 'version')::integer;
    if not found then
      raise exception 'The step % has changed in the meantime; look at it again.', change ->> 'id' using errcode = 'RG001';
    end if;
  end loop;
  if jsonb_array_length(entries) > 0 then
    insert into chat_entries (conversation_id, key, kind, plan_id, body, only_for, at)
      select e ->> 'conversationId', e ->> 'key', e ->> 'kind', e ->> 'planId', e -> 'body', e ->> 'onlyFor',
        (e ->> 'at')::timestamptz
      from jsonb_array_elements(entries) with ordinality as t (e, n) order by n
    on conflict (conversation_id, key) do update
      set seq = nextval('chat_seq'), kind = excluded.kind, plan_id = excluded.plan_id, body = excluded.body,
        only_for = excluded.only_for;
  end if;
  if jsonb_array_length(events) > 0 then
    perform append_audit(events);
  end if;
end $$;

revoke all on all tables in schema public from public;
revoke execute on all functions in schema public from public;
grant usage on schema public to reign_gateway, reign_worker;
grant execute on function append_audit(jsonb), read_plan(text), lock_plan(text), write_changes(jsonb, jsonb, jsonb, jsonb) to reign_gateway, reign_worker;
grant usage on sequence chat_seq to reign_gateway, reign_worker;
grant select on all tables in schema public to reign_gateway, reign_worker;
revoke all on sign_in_links, sessions from reign_worker;
grant insert, update on conversations, messages, questions, chat_entries, plans, steps to reign_gateway, reign_worker;
grant insert, update, delete on locks to reign_gateway, reign_worker;
grant insert on decisions to reign_gateway;
grant insert, update on freezes to reign_gateway;
grant insert, update, delete on sign_in_links, sessions to reign_gateway;
grant insert on audit_checkpoints to reign_gateway;
grant update (checkpointed_seq) on audit_heads to reign_gateway;
