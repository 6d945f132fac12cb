-- Money whose order is not known: looked through by whoever says that he has sent it.

create index txn_unmatched on txn (payment_account_id, amount)
    where reason = 'unmatched_payment' and is_refund_queued = 1;
