-- breaking: no
-- Secrets that lie elsewhere: what is sealed is their address then, which this column shows to people.

alter table secrets add column refers_to text;

-- A new master key wraps everything that is sealed anew; what is sealed stays as it is.
grant update (sealed) on found_secrets to reign_gateway;

-- The gateway wraps data keys of Terraform's states and plans anew, and sees nothing of what they seal.
create function terraform_wrapped_keys() returns table (place text, id text, sealed jsonb)
language sql stable security definer set search_path = public as $$
  select 'terraform_states', connection || ' ' || version,
    jsonb_build_object('masterKey', s.sealed -> 'masterKey', 'wrapped', s.sealed -> 'wrapped') from terraform_states s
  union all
  select 'terraform_plans', connection || ' ' || key,
    jsonb_build_object('masterKey', p.sealed -> 'masterKey', 'wrapped', p.sealed -> 'wrapped') from terraform_plans p
$$;

create function rewrap_terraform(which text, row_id text, before jsonb, after jsonb) returns integer
language plpgsql security definer set search_path = public as $$
declare
  next jsonb := jsonb_build_object('masterKey', after -> 'masterKey', 'wrapped', after -> 'wrapped');
  changed integer;
begin
  if which = 'terraform_states' then
    update terraform_states set sealed = sealed || next
      where connection || ' ' || version = row_id and sealed @> before;
  else
    update terraform_plans set sealed = sealed || next
      where connection || ' ' || key = row_id and sealed @> before;
  end if;
  get diagnostics changed = row_count;
  return changed;
end
$$;

revoke execute on function terraform_wrapped_keys(), rewrap_terraform(text, text, jsonb, jsonb) from public;
grant execute on function terraform_wrapped_keys(), rewrap_terraform(text, text, jsonb, jsonb) to reign_gateway;
