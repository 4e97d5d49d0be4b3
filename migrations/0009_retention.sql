-- breaking: no
-- Erasing what is older than the configured time. The audit keeps its rows and their hashes; plans keep who asked,
-- who decided, their targets and how they ended.

alter table plans add column erased_at timestamptz;
alter table conversations add column erased_at timestamptz;
create index plans_to_erase on plans (ended_at) where erased_at is null;

-- With the rights of the owner: a gateway may erase what is old, and nothing else.
create function demand_old(before timestamptz) returns void language plpgsql as $$
begin
  if before > now() - interval '23 hours' then
    raise exception 'what is younger than a day is not erased' using errcode = 'insufficient_privilege';
  end if;
end $$;

-- What at most `batch` plans that ended before then were made of, captured and found out, and their payloads in the
-- audit: who signed in, set a credential or froze a place, and what was erased, is kept.
create function erase_payloads(before timestamptz, batch integer) returns setof text
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform demand_old(before);
  if not exists (select from plans where ended_at < before and erased_at is null) then
    -- What was written about a plan after it was erased. Rows of the audit stay for ever, payloads do not: they lead.
    delete from audit_payloads a using plans p, audit_events e
      where a.chain like 'plan:%' and p.id = substr(a.chain, 6) and p.erased_at is not null
        and e.chain = a.chain and e.seq = a.seq and e.at < to_char(before at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS');
    return;
  end if;
  return query
    with due as materialized (
      select id from plans where ended_at < before and erased_at is null
      order by ended_at limit batch for update skip locked),
    audited as (delete from audit_payloads a using due where a.chain = 'plan:' || due.id),
    answers as (update chat_entries c set body = jsonb_build_object('content', jsonb_build_object('kind', 'text', 'text', 'Erased: it was kept for as long as was configured.'))
      from due where c.plan_id = due.id and c.kind = 'answer'),
    steps as (update steps s set request = '{}', input = '{}', bindings = null, preview = null, captured = null, output = null,
        verification = null, note = null, by_hand = null,
        fault = case when s.fault is null then null else jsonb_set(s.fault, '{message}', '"Erased."') end
      from due where s.plan_id = due.id)
    update plans p set erased_at = now(), goal = left(p.goal, 80),
        outcome = case when p.state = 'succeeded' then p.outcome else 'It ended as ' || p.state || '.' end
      from due where p.id = due.id returning p.id;
end $$;

-- What was said in at most `batch` conversations in which nothing has happened since then and nothing is under way.
create function erase_chat(before timestamptz, batch integer) returns setof text
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform demand_old(before);
  delete from audit_payloads where (chain, seq) in (
    select a.chain, a.seq from audit_payloads a join audit_events e using (chain, seq)
    where a.chain = 'messages' and e.at < to_char(before at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
    limit batch * 10);
  return query
    with due as materialized (
      select id from conversations c where updated_at < before and (erased_at is null or erased_at < updated_at)
        and not exists (select from plans p where p.conversation_id = c.id and (p.ended_at is null or p.ended_at >= before))
        and not exists (select from messages m where m.conversation_id = c.id and m.state <> 'done')
      order by updated_at limit batch for update skip locked),
    said as (update messages m set text = 'Erased.', draft = null, outcome = null, follow_up = null
      from due where m.conversation_id = due.id),
    asked as (update questions q set body = jsonb_build_object('text', 'Erased.', 'options', '[]'::jsonb), answer = 'Erased.',
        answered_at = coalesce(q.answered_at, now())
      from due where q.conversation_id = due.id),
    looked as (update investigations i set words = '{}', transcript = '[]', looks = '[]', looked = '[]'
      from due where i.conversation_id = due.id),
    shown as (update chat_entries c set body = case c.kind
          when 'answer' then jsonb_build_object('content', jsonb_build_object('kind', 'text', 'text', 'Erased.'))
          when 'question' then c.body || '{"text": "Erased.", "options": []}'
          else c.body || '{"text": "Erased."}' end
      from due where c.conversation_id = due.id and c.kind in ('said', 'answer', 'question', 'notice', 'refusal', 'working'))
    update conversations c set erased_at = now(), title = 'Erased', context = '{}', context_authors = '{}'
      from due where c.id = due.id returning c.id;
end $$;

revoke execute on function erase_payloads(timestamptz, integer), erase_chat(timestamptz, integer) from public;
grant execute on function erase_payloads(timestamptz, integer), erase_chat(timestamptz, integer) to reign_gateway;

-- Functions with the owner's rights look at temporary tables last: a caller could put one in the place of a real table.
alter function append_audit(jsonb) set search_path = public, pg_temp;
alter function terraform_wrapped_keys() set search_path = public, pg_temp;
alter function rewrap_terraform(text, text, jsonb, jsonb) set search_path = public, pg_temp;
