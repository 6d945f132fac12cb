-- Answers repeat what the customer was shown, the network password of a login form among it: they
-- are sealed. Those that were kept in clear go; a repetition of their request runs again, which
-- such requests are made for.
delete from request_answer;
alter table request_answer rename column body to body_sealed;
