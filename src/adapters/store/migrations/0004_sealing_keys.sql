-- The keys that have sealed secrets here since the last rotation, so that a start knows which ones
-- it needs without reading every secret. `proof_sealed` opens with that very key only.
create table sealing_key (
    id {id} primary key,
    proof_sealed text not null
) {keyed};
