-- The name under which a gateway was asked to give money back. Until now `refund_id` had it, which a
-- person's note replaced when he settled the refund himself: of those rows the name is lost. Banks
-- are not asked.
alter table txn add column gateway_refund_id text not null default '';
update txn set gateway_refund_id = refund_id
where refund_id <> '' and method in ('momo', 'zalopay', 'vnpay') and refund_id <> 'store credit'
    and refund_id not like 'by hand%' and refund_id not like 'attached to%'
    and refund_id not like 'dismissed%';
