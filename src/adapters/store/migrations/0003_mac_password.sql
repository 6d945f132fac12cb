-- The constant password that some routers send with MAC authentication.
alter table router add column mac_password_sealed text not null default '';
