-- breaking: no
-- The alert that started a message or a plan, by its name; null where a person did.
alter table messages add column alert text;
alter table plans add column alert text;
