-- The seat at which a member was last seen, so that the end of an older one ends nothing; and the way
-- from a user name to the member, for cafés that report no member id.
alter table account add column pc_session_id text not null default '';
create index account_user_name on account (location_id, user_name);
