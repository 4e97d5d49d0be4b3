-- breaking: yes
-- Steps that take values from other steps' results, which may give them their input in a later revision; and the
-- review of plans that the person on call ran alone.

-- Where each value comes from, and when. Part of what is approved.
alter table steps add column bindings jsonb;

alter table plans add column review jsonb;
create index plans_to_review on plans (created_at) where review ->> 'state' = 'open';

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
  end if;
  if jsonb_array_length(events) > 0 then
    perform append_audit(events);
  end if;
end $$;
