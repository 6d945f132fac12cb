-- What staff searches, by indexes that fit: the state of what a location sold; the differences of a
-- day or subject, or in a state; a customer's name without its case, as core/folding has it. SQL of
-- the two engines folds in two ways, so the program fills the column in, also of the rows that are
-- here now (null until then).
alter table account add column folded_name {id};
drop index account_called;
create index account_called on account (location_id, folded_name);
create index account_unfolded on account (id) where folded_name is null;

create index txn_of_location_state on txn (location_id, state, created_at, id) where state <> 'success';

drop index difference_open;
create index difference_of_state on difference (organization_id, state, found_at, id);
create index difference_of_subject on difference (organization_id, side, subject_id, found_at, id);
create index difference_of_day on difference (organization_id, day, found_at, id);
