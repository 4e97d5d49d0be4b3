-- breaking: no
-- Secrets that lie elsewhere: what is sealed is their address then, which this column shows to people.

alter table secrets add column refers_to text;

-- A new master key wraps everything that is sealed anew; what is sealed stays as it is.
grant update (sealed) on found_secrets, terraform_states, terraform_plans to reign_gateway;
grant select on terraform_states, terraform_plans to reign_gateway;
