-- breaking: no
-- Who belongs to the groups that chat platforms keep, and the threads that alerts are gathered in.

-- Signed by the gateway that looked it up, so that a worker need not ask the platform nor believe a row.
create table group_members (
  group_key text primary key,
  members text[] not null,
  at text not null,
  signature text not null
);

-- Alerts of one kind fold into one conversation.
create table alert_threads (
  kind text primary key,
  conversation_id text not null references conversations (id),
  last_at timestamptz not null
);

create table alerts (
  fingerprint text not null,
  starts_at timestamptz not null,
  conversation_id text not null references conversations (id),
  firing boolean not null,
  primary key (fingerprint, starts_at)
);
create index alerts_by_conversation on alerts (conversation_id);

grant select on group_members, alert_threads, alerts to reign_gateway, reign_worker;
grant insert, update on group_members, alert_threads, alerts to reign_gateway;
-- A thread that is begun by Reign takes the place of one that somebody began below the same post.
grant delete on chat_threads to reign_gateway;
