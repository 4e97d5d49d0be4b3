-- breaking: yes
-- Steps that take values from other steps' results, which may give them their input in a later revision; the review of
-- plans that the person on call ran alone; and threads on chat platforms.

-- Where each value comes from, and when. Part of what is approved.
alter table steps add column bindings jsonb;

alter table plans add column review jsonb;
create index plans_to_review on plans (created_at) where review ->> 'state' = 'open';

-- False for text between people in a thread that Reign is in: it may answer a question, and never starts a write.
alter table messages add column addressed boolean not null default true;

create index chat_entries_by_plan on chat_entries (plan_id) where plan_id is not null;

-- Where a conversation is shown on a chat platform.
create table chat_threads (
  platform text not null,
  team text not null,
  channel text not null,
  thread text not null,
  conversation_id text not null references conversations (id),
  -- What the platform needs to write there without having been asked.
  reference jsonb,
  quiet boolean not null default false,
  -- Something in the conversation has changed since it was last taken up for delivery.
  pending_since timestamptz,
  -- The gateway that delivers, and until when nobody else does.
  lease_until timestamptz,
  blocked_until timestamptz,
  failures integer not null default 0,
  problem text,
  primary key (platform, team, channel, thread)
);
create index chat_threads_by_conversation on chat_threads (conversation_id);
create index chat_threads_pending on chat_threads (pending_since) where pending_since is not null;

-- What was posted of a conversation's entries, and as which message. A row without a message id is being posted: after
-- a crash the platform is asked whether it arrived.
create table chat_posts (
  platform text not null,
  team text not null,
  channel text not null,
  thread text not null,
  key text not null,
  -- The entry's seq that was posted.
  seq bigint not null,
  plan_id text,
  only_for text,
  -- As the platform calls them; for a direct message the channel is known only then.
  posted_in text,
  message_id text,
  primary key (platform, team, channel, thread, key)
);
create unique index chat_posts_by_message on chat_posts (platform, team, posted_in, message_id);

-- Whom a plan's approval was put before, and how often.
create table approval_notices (
  plan_id text not null references plans (id),
  revision integer not null,
  rung integer not null,
  person text not null,
  at timestamptz not null,
  primary key (plan_id, revision, rung, person)
);

grant select on chat_threads, chat_posts, approval_notices to reign_gateway, reign_worker;
grant insert, update on chat_threads, chat_posts, approval_notices to reign_gateway;
grant update (pending_since) on chat_threads to reign_worker;
grant delete on chat_posts to reign_gateway;

create or replace function write_changes(plan_changes jsonb, step_changes jsonb, entries jsonb, events jsonb) returns void
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
        review, note, outcome, lock_requested_at, started_at, ended_at) =
      (select n.state, n.version, n.revision, n.authors, n.digest, n.approval, n.policy_hash, n.expires_at,
        n.cancel_requested, n.review, n.note, n.outcome, n.lock_requested_at, n.started_at, n.ended_at
        from jsonb_populate_record(p, change -> 'patch') n)
      where p.id = change ->> 'id' and p.version = (change ->> 'version')::integer;
    if not found then
      raise exception 'The plan % has changed in the meantime; look at it again.', change ->> 'id' using errcode = 'RG001';
    end if;
  end loop;
  for change in select value from jsonb_array_elements(step_changes) loop
    update steps s set (state, version, input, bindings, needs, environment, place, tier, targets, title, by_hand, risk,
        preview, credentials, captured, output, verification, fault, lease_until, worker, attempts, ready_at, started_at,
        ended_at, note) =
      (select n.state, n.version, n.input, n.bindings, n.needs, n.environment, n.place, n.tier, n.targets, n.title,
        n.by_hand, n.risk, n.preview, n.credentials, n.captured, n.output, n.verification, n.fault, n.lease_until,
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
    -- A card is the same wherever it is shown.
    if entries @> '[{"kind": "plan"}]' then
      update chat_entries c set seq = nextval('chat_seq')
      from jsonb_array_elements(entries) e
      where e ->> 'kind' = 'plan' and c.plan_id = e ->> 'planId' and c.kind = 'plan'
        and (c.conversation_id, c.key) is distinct from (e ->> 'conversationId', e ->> 'key');
    end if;
    if exists (select from chat_threads) then
      -- Without a condition on what is there: who delivers must see every change, also one that commits late.
      -- In one order, so that two transactions do not wait for each other; joined by key, since a row that moves while it
      -- is waited for has another ctid afterwards.
      with shown as materialized (
        select t.platform, t.team, t.channel, t.thread from chat_threads t
        where t.conversation_id in (
          select e ->> 'conversationId' from jsonb_array_elements(entries) e
          union select c.conversation_id from chat_entries c, jsonb_array_elements(entries) e
            where e ->> 'kind' = 'plan' and c.plan_id = e ->> 'planId' and c.kind = 'plan')
        order by t.platform, t.team, t.channel, t.thread for update)
      update chat_threads t set pending_since = now() from shown
        where (t.platform, t.team, t.channel, t.thread) = (shown.platform, shown.team, shown.channel, shown.thread);
    end if;
  end if;
  if jsonb_array_length(events) > 0 then
    perform append_audit(events);
  end if;
end $$;
