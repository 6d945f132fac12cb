#!/bin/bash
# The commands of the program, as an operator types them. Usage: cli_test.sh PATH_OF_IWAS
set -u
iwas=$1
vectors=$(dirname "$(readlink -f "$0")")/../vectors
folder=$(mktemp -d)
failed=0
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
cd "$folder" || exit 1

# check NAME EXIT_STATUS PATTERN COMMAND...: what it prints must hold the pattern.
check() {
    local name=$1 status=$2 pattern=$3 output got
    shift 3
    output=$("$@" 2>&1)
    got=$?
    if [ "$got" -ne "$status" ] || ! grep -qE -- "$pattern" <<<"$output"; then
        echo "FAILED: $name: status $got (expected $status), output: $output"
        failed=1
    else
        echo "ok: $name"
    fi
}

check "version" 0 '^iwas [0-9]+\.[0-9]+' "$iwas" version
check "help" 0 'serve' "$iwas" --help
check "no command" 106 'subcommand is required' "$iwas"
for command in serve apply migrate trace key radius router payment reconcile refund staff vietqr backup version; do
    check "help of $command" 0 'Usage' "$iwas" "$command" --help
done
check "keys of the configuration" 0 'http.port +IWAS_HTTP_PORT' "$iwas" serve --keys

check "a wrong value" 78 'http.port = 99999: expected a whole number' env IWAS_HTTP_PORT=99999 "$iwas" serve
printf '[http]\nprot = 1\n' >wrong.toml
check "an unknown key" 78 'wrong.toml:2: http.prot = 1: expected a key that exists' "$iwas" serve -c wrong.toml
check "a missing file" 78 'nowhere.toml' "$iwas" serve -c nowhere.toml
check "no key file" 78 'iwas key new' "$iwas" serve

check "a new key" 0 'is active now' "$iwas" key new iwas.key
[ "$(stat -c %a iwas.key)" = 600 ] || { echo "FAILED: the key file can be read by others"; failed=1; }
check "migrate" 0 'applied 0001' "$iwas" migrate
check "migrate again" 0 'up to date' "$iwas" migrate

cat >cafe.toml <<'CAFE'
[organizations.arena]
name = "Arena Gaming"

[locations.q7]
organization = "arena"
name = "Arena Quận 7"
guest_network = "192.168.20.0/24"

[pc_systems.q7]
base_url = "http://127.0.0.1:9"
branch_key = "a-branch-key-in-clear-0123456789"
webhook_secrets = ["a-webhook-secret-in-clear"]

[routers.q7-mt]
location = "q7"
kind = "mikrotik"
radius_source = "127.0.0.9"
radius_secret = "a-radius-secret-in-clear"

[routers.q7-mt.api]
host = "127.0.0.1"
port = 9
user_name = "iwas"
password = "a-password-in-clear"

[packages.hour]
organization = "arena"
name = "1 giờ"
duration = "1h"
price = 5000
tier = "basic"

[payment_accounts.wallet]
organization = "arena"
method = "zalopay"
environment = "sandbox"
app_id = "2553"
key1 = "a-key-one-in-clear"
key2 = "a-key-two-in-clear"
fee = { percent = 1.5 }
CAFE
# What the database holds of configuration: rows, the newest price, the catalog's version, audit.
stored() {
    sqlite3 iwas.db "select (select count(*) from router), (select max(price) from package),
        (select version from catalog_version), (select count(*) from audit_entry)"
}
# stays NAME COMMAND...: the command changed nothing.
stays() {
    local before
    before=$(stored)
    shift
    "$@" >/dev/null 2>&1
    [ "$(stored)" = "$before" ] || { echo "FAILED: $* changed $before to $(stored)"; failed=1; }
}
check "apply --dry-run shows what is new" 0 '^\+ router q7-mt$' "$iwas" apply cafe.toml --dry-run
check "apply --dry-run says so" 0 'nothing was changed' "$iwas" apply cafe.toml --dry-run
stays "apply --dry-run changes nothing" "$iwas" apply cafe.toml --dry-run
check "apply --dry-run names the payment account" 0 '^\+ payment account wallet$' "$iwas" apply cafe.toml --dry-run
check "nothing was stored" 0 '^0\|\|0\|0$' stored
check "apply" 0 '^\+ package hour$' "$iwas" apply cafe.toml
check "it is stored" 0 '^1\|5000\|1\|6$' stored
check "apply again" 0 '^no changes$' "$iwas" apply cafe.toml
stays "apply again changes nothing" "$iwas" apply cafe.toml
sed 's/price = 5000/price = 6000/' cafe.toml >dearer.toml
check "apply --dry-run shows what differs" 0 'price: 5000 -> 6000' "$iwas" apply dearer.toml --dry-run
stays "apply --dry-run of a change" "$iwas" apply dearer.toml --dry-run
sed 's/^location = "q7"/location = "q8"/; s/price = 5000/price = 6000/' cafe.toml >faulty.toml
check "a faulty file names line and column" 1 'faulty.toml: ?15:12: routers.q7-mt.location' "$iwas" apply faulty.toml
stays "a faulty file" "$iwas" apply faulty.toml
sed 's/^key2 = .*/key2 = "another-one-in-clear"/; s/percent = 1.5/percent = 1.25/' cafe.toml >keys.toml
check "a new key shows as a change" 0 '^    key2: changed$' "$iwas" apply keys.toml --dry-run
check "a fee by its percent" 0 '^    fee.percent: 1.5 -> 1.25$' "$iwas" apply keys.toml --dry-run
shown=$("$iwas" apply keys.toml --dry-run 2>&1)
grep -q 'in-clear' <<<"$shown" && { echo "FAILED: apply shows a secret"; failed=1; }
sed 's/^key2 = .*/hash_secret = "wrong-gateway-in-clear"/' cafe.toml >gateway.toml
check "a key of another gateway" 1 'gateway.toml: ?[0-9:]+ payment_accounts.wallet.hash_secret: only a vnpay account has one' \
    "$iwas" apply gateway.toml
check "and the one that is missing" 1 'payment_accounts.wallet.key2: is missing' "$iwas" apply gateway.toml
stays "a file with another gateway's key" "$iwas" apply gateway.toml
printf '[packages\n' >>faulty.toml
check "so does one that is no TOML" 1 'faulty.toml: ?41:[0-9]+: ' "$iwas" apply faulty.toml
stays "a file that is no TOML" "$iwas" apply faulty.toml
check "a café file that is not there" 1 'nowhere.toml: cannot be read' "$iwas" apply nowhere.toml
check "apply the change" 0 'price: 5000 -> 6000' "$iwas" apply dearer.toml
check "the change is stored" 0 '^1\|6000\|2\|7$' stored
grep -aq 'in-clear' iwas.db* && { echo "FAILED: a secret stands in the database in clear"; failed=1; }

sleep 1.1
check "another key" 0 'is active now' "$iwas" key new iwas.key
[ "$(grep -c . iwas.key)" = 2 ] || { echo "FAILED: the older key is gone"; failed=1; }
newest=$(head -n 1 iwas.key | cut -d' ' -f1)
check "rotate" 0 "^6 secrets are sealed anew with key $newest;" "$iwas" key rotate
check "rotate again" 0 '^0 secrets' "$iwas" key rotate
check "every secret is sealed with the new key" 0 "^0$" sqlite3 iwas.db "select count(*) from router
    join pc_system join payment_account where secret_key_sealed not like '$newest:%'
    or callback_key_sealed not like '$newest:%' or radius_secret_sealed not like '$newest:%' or api_password_sealed not like '$newest:%'
    or branch_key_sealed not like '$newest:%' or webhook_secrets_sealed not like '$newest:%'"
cp iwas.key both.key
sed -i 1d iwas.key
check "serve without a key that the database needs" 1 'sealed with a key that is not there: k[0-9]+' "$iwas" serve
check "migrate without it" 1 'sealed with a key that is not there: k[0-9]+' "$iwas" migrate
sed 2d both.key >iwas.key
check "the older key may go after the rotation" 0 'up to date' "$iwas" migrate
check "the secrets are what they were" 0 '^no changes$' "$iwas" apply dearer.toml
cp both.key iwas.key
check "backup" 0 'copy.db: [0-9]+ octets' "$iwas" backup copy.db
check "backup overwrites nothing" 1 'is there already' "$iwas" backup copy.db
check "the backup is a database" 0 '^ok$' sqlite3 copy.db 'PRAGMA integrity_check'
check "an unknown trace" 1 'no run is known' "$iwas" trace 01J89PTQRT000G00000000001A
check "no id" 1 'expected the id' "$iwas" trace abc
check "an unknown format" 105 'format' "$iwas" trace 01J89PTQRT000G00000000001A --format pdf
check "an unknown router" 1 'no router has this name' "$iwas" router test nowhere

nobody=01J89PTQRT000G00000000001A
check "help of the reconciliation names its exit status" 0 'Exit status: 0 everything was compared' \
    "$iwas" reconcile report --help
check "a day that nobody compared" 3 'Not compared yet' "$iwas" reconcile report --language en
check "the same in Vietnamese" 3 'Đối soát Arena Gaming .*Asia/Ho_Chi_Minh' "$iwas" reconcile report
check "without a server nothing is compared" 4 'not finished in 1 s' "$iwas" reconcile run --wait 1
check "nothing differs" 0 'nothing differs' "$iwas" reconcile items --state open
check "no such difference" 1 'no such difference' "$iwas" reconcile explain $nobody --staff lan --reason x
check "nobody explains" 106 'staff is required' "$iwas" reconcile explain $nobody --reason x
check "no such day" 1 '2026-13-01: expected a day' "$iwas" reconcile report --day 2026-13-01
check "no such account" 1 'momo: nothing of this organization' "$iwas" reconcile run --account momo
check "no such organization" 1 'nope: --organization must be one of: arena' "$iwas" reconcile report --organization nope
check "nothing waits" 0 '^0 waiting' "$iwas" refund queue
check "no such transaction" 1 'no such transaction' "$iwas" refund show $nobody
check "a refund of nothing" 1 'no such transaction' "$iwas" refund start $nobody --all --staff lan --reason x
check "a refund names its amount" 1 '--amount or --all' "$iwas" refund start $nobody --staff lan --reason x
check "a refund by hand names its reference" 106 'reference is required' "$iwas" refund done $nobody --staff lan --reason x
check "no transactions yet" 0 '^none$' "$iwas" payment history
check "no transactions, for programs" 0 '^\[\]$' "$iwas" payment history --state success --method momo --from 2026-11-26 --json
check "no such state" 1 'paid: expected created' "$iwas" payment history --state paid

check "help of the walled garden" 0 '--methods' "$iwas" router walled-garden --help
check "help of its probe" 0 '--no-connect' "$iwas" router probe-garden --help
check "the walled garden's data" 0 '^Walled garden data, version [0-9]+ of 20' "$iwas" router walled-garden --list
check "a walled garden" 0 '^/ip hotspot walled-garden add action=allow dst-host="payment.momo.vn" dst-port=443' \
    "$iwas" router walled-garden --methods momo,vietqr --portal https://wifi.example.vn
"$iwas" router walled-garden --methods momo | grep -q vnpay && { echo "FAILED: a method that is not enabled is open"; failed=1; }
check "the portal's entry" 0 'dst-host="wifi.example.vn" .*comment="iwas:garden:[0-9]+:portal"' \
    env IWAS_HTTP_PUBLIC_URL=https://wifi.example.vn "$iwas" router walled-garden --router q7-mt
check "a walled garden for nothing" 1 '--methods, --router or --list is expected' "$iwas" router walled-garden
check "an unknown method" 1 'paypal: the data knows no such group; known are google, momo' \
    "$iwas" router walled-garden --methods paypal
check "a portal that is a probe host" 1 'would open captive.apple.com' \
    "$iwas" router walled-garden --methods momo --portal http://captive.apple.com
printf 'version 2\ndate 2026-11-26\nopen momo production *.google.com tcp/443 name A me all\n' >garden.table
check "data that opens a probe" 1 'garden.table:3: \*.google.com: would open clients1.google.com' \
    "$iwas" router walled-garden --list --data garden.table
check "a router that is away" 1 'q7-mt: the router: ' "$iwas" router probe-garden q7-mt

# RFC 2865 §7.1: User-Name nemo, a hidden User-Password.
request=010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003
check "decode" 0 'Access-Request' "$iwas" radius decode $request --secret xyzzy5461
check "decode shows the user" 0 'nemo' "$iwas" radius decode $request
check "decode of nonsense" 1 '.' "$iwas" radius decode 01zz

# A hotspot's login and its answer: every authenticator is judged.
in_vector() { awk -v key="$1" '$1 == key {print $2; exit}' "$vectors/radius_hotspot_access.txt"; }
login=$(in_vector request)
accept=$(in_vector accept)
secret=$(in_vector secret)
check "decode: a right signature" 0 'Message-Authenticator: right' "$iwas" radius decode "$login" --secret "$secret"
check "decode: a wrong one" 0 'Message-Authenticator: WRONG' "$iwas" radius decode "$login" --secret other
check "decode: none without a secret" 0 'Message-Authenticator: not checked' "$iwas" radius decode "$login"
check "decode: the answer is right" 0 'Response Authenticator: right' \
    "$iwas" radius decode "$accept" --secret "$secret" --request "$login"
check "decode: so is its signature" 0 'Message-Authenticator: right' \
    "$iwas" radius decode "$accept" --secret "$secret" --request "$login"
check "decode: the answer to another request" 0 'Response Authenticator: WRONG' \
    "$iwas" radius decode "$accept" --secret "$secret" --request $request
check "decode: an answer alone" 0 'Response Authenticator: not checked' "$iwas" radius decode "$accept" --secret "$secret"

# The QR of a bank transfer; the text is one that an npm library makes of the same values.
transfer=00020101021238580010A000000727012800069704180114314100012345670208QRIBFTTA53037045405200005802VN62140810IWAS00012463049996
# The shop and notice of a vector: a real answer of VNPay's sandbox.
notice=$(sed -n 's/^raw \(.*vnp_TxnRef=VNPAY_1786469808_2\)$/\1/p' "$vectors/vnpay_signed.txt" | head -n 1)
hash=$(sed -n 's/^hash //p' "$vectors/vnpay_signed.txt" | head -n 1)
vnpay() { IWAS_PAYMENT_SECRET_KEY=XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN "$iwas" payment notice --method vnpay --merchant CGXZLS0Z --query "$@"; }
check "payment notice" 0 '^received +500000 VND$' vnpay "https://shop.example/r?$notice&vnp_SecureHash=$hash"
check "payment notice: changed" 1 'the signature is missing or wrong' vnpay "${notice/50000000/90000000}&vnp_SecureHash=$hash"
check "payment notice: keys come from the environment" 1 'IWAS_PAYMENT_SECRET_KEY is not set' \
    "$iwas" payment notice --method vnpay --query x
check "payment: a method without a gateway" 1 'expected momo' "$iwas" payment notice --method pc_balance
pay() { "$iwas" vietqr encode --account 31410001234567 "$@"; }
check "vietqr encode" 0 "^$transfer\$" pay --bank 970418 --amount 20000 --purpose IWAS000124 --svg qr.svg --png qr.png
check "vietqr encode: by the bank's code" 0 "^$transfer\$" pay --bank bidv --amount 20000 --purpose IWAS000124
check "vietqr encode: without an amount it is for many payments" 0 '^000201010211.*5303704' pay --bank BIDV
check "vietqr encode: the SVG" 0 '^<svg .*<title>VietQR' cat qr.svg
check "vietqr encode: the PNG" 0 '^ 89 50 4e 47 0d 0a 1a 0a$' od -An -tx1 -N8 qr.png
check "vietqr encode: a code of two banks" 1 'several banks.*' pay --bank BVB
check "vietqr encode: a code of none" 1 "XYZ: is no bank's code" pay --bank XYZ
check "vietqr encode: a wrong amount" 1 '20.000: expected an amount in dong' pay --bank BIDV --amount 20.000
check "vietqr encode: nothing to pay" 1 'the amount is not between' pay --bank BIDV --amount 0
check "vietqr encode: a purpose with marks" 1 'other than printable ASCII' pay --bank BIDV --purpose Quán
check "vietqr encode: a file that cannot be written" 1 'nowhere/qr.svg: cannot be written' pay --bank BIDV --svg nowhere/qr.svg
check "vietqr encode: a module that is too large" 1 'modules of 1 to 64 pixels' pay --bank BIDV --svg qr.svg --module 65
check "vietqr encode: no account" 106 'account is required' "$iwas" vietqr encode --bank BIDV
check "vietqr decode: the bank" 0 '^bank +970418 BIDV' "$iwas" vietqr decode "$transfer"
check "vietqr decode: the amount" 0 '^amount +20000 VND$' "$iwas" vietqr decode "$transfer"
check "vietqr decode: from the input" 0 '^transfer text +IWAS000124$' "$iwas" vietqr decode - <<<"$transfer "
check "vietqr decode: every field" 0 '^38-01-01 account +31410001234567$' "$iwas" vietqr decode "$transfer" --fields
check "vietqr decode: our order code" 0 '^order code +IWFFKQT4YC5W$' \
    "$iwas" vietqr decode "$(pay --bank BIDV --purpose 'wifi iwffkqt4yc5w')"
check "vietqr decode: a wrong CRC" 1 'field 63, character 115: wrong CRC: the text before it gives 9996' \
    "$iwas" vietqr decode "${transfer%6}7"
check "vietqr decode: its fields all the same" 1 '^63 +CRC +9997$' "$iwas" vietqr decode "${transfer%6}7" --fields
check "vietqr decode: a cut text" 1 'field 62, character 97: its length reaches past the end' "$iwas" vietqr decode "${transfer%IWAS*}"
check "vietqr decode: nothing" 1 'not a VietQR' "$iwas" vietqr decode ''
check "vietqr banks" 0 '^970436 +VCB .*BFTVVNVX +scans, receives +Ngân hàng' "$iwas" vietqr banks
check "vietqr banks: one of them" 0 '^970415 +ICB +CTG ' "$iwas" vietqr banks ctg
check "vietqr banks: none" 1 'xyz: no bank' "$iwas" vietqr banks xyz

# Staff: a token is shown once, opens what its owner may do, and nothing when it is revoked.
for command in add list revoke; do check "help of staff $command" 0 'Usage' "$iwas" staff "$command" --help; done
check "staff: nobody yet" 0 '^nobody$' "$iwas" staff list
token=$("$iwas" staff add --name lan --role manager 2>staff.err)
check "staff add: the token alone on the output" 0 '^iwas_staff_[A-Za-z0-9_-]{43}$' echo "$token"
check "staff add: who it is, beside it" 0 '^lan: manager of arena' cat staff.err
viewer=$("$iwas" staff add --name binh --role viewer --location q7 2>/dev/null)
check "staff add: the name is taken" 1 'iwas staff revoke lan' "$iwas" staff add --name lan --role viewer
check "staff add: no such role" 105 'role' "$iwas" staff add --name mai --role owner
check "staff add: no such location" 1 'no location of arena is called so' "$iwas" staff add --name mai --role viewer --location q9
check "staff add: no such organization" 1 'must be one of: arena' "$iwas" staff add --name mai --role viewer --organization x
check "staff add: a wrong name" 1 'a name is' "$iwas" staff add --name 'Mai Lan' --role viewer
check "staff list" 0 '^lan +manager +arena +all locations +since' "$iwas" staff list
check "staff list: bound to a location" 0 '^binh +viewer +arena +q7 +since' "$iwas" staff list
check "staff list: for programs" 0 '"name":"lan".*"revoked_at":null' "$iwas" staff list --json
digest=$(printf %s "$token" | sha256sum | cut -d' ' -f1)
check "staff: the store has the digest" 0 "^lan\|$digest\$" sqlite3 iwas.db 'select name, token_digest from staff'
check "staff: and not the token" 1 '^0$' grep -c -e "${token#iwas_staff_}" iwas.db
check "staff: the audit log knows" 0 '^staff.added\|lan\|manager of arena$' \
    sqlite3 iwas.db "select action, subject, detail from audit_entry where subject = 'lan'"
check "staff revoke: nobody of that name" 1 'nobody of that name' "$iwas" staff revoke mai

IWAS_HTTP_PORT=0 IWAS_RADIUS_AUTHENTICATION_PORT=0 IWAS_RADIUS_ACCOUNTING_PORT=0 IWAS_TIMING_CATALOG_POLL_SECONDS=1 \
    "$iwas" serve >server.out 2>server.log &
server=$!
for _ in $(seq 100); do grep -q ready server.out && break; sleep 0.1; done
portal=$(grep -oE 'http://[0-9.:]+' server.out)
radius=$(grep -oE 'RADIUS [0-9]+' server.out | cut -d' ' -f2)
check "ready" 0 '^ready' curl -s "$portal/readyz"
check "the portal's page" 0 '<!doctype html>' curl -s "$portal/session"
check "the API's document" 0 '"openapi"' curl -s "$portal/openapi.json"
as_staff() { curl -s -H "Authorization: Bearer $1" "$portal/api/v1/staff/$2"; }
check "the staff API: without a token" 0 'HTTP/1.1 401' curl -si "$portal/api/v1/staff/transactions"
check "the staff API: with one" 0 '"transactions":\[\]' as_staff "$token" transactions
check "the staff API: a viewer reads" 0 '"refunds":\[\]' as_staff "$viewer" refunds
check "the staff API: and does not act" 0 'NOT_ALLOWED' curl -s -H "Authorization: Bearer $viewer" -H 'Idempotency-Key: cli-test-1' \
    -d '{}' "$portal/api/v1/staff/reconciliation/run"
check "staff revoke" 0 '^lan: revoked' "$iwas" staff revoke lan
check "staff revoke: once" 1 'nobody of that name has a token' "$iwas" staff revoke lan
check "the staff API: a revoked token opens nothing" 0 'STAFF_TOKEN_NEEDED' as_staff "$token" transactions
check "staff list: who was revoked" 0 '^lan .* revoked 2' "$iwas" staff list
check "the metrics" 0 'iwas_workflow_duration_seconds_bucket' curl -s "$portal/metrics"
check "a busy HTTP port is named" 1 "${portal#http://}" env IWAS_HTTP_PORT="${portal##*:}" \
    IWAS_STORE_URL=sqlite:other.db IWAS_RADIUS_AUTHENTICATION_PORT=0 IWAS_RADIUS_ACCOUNTING_PORT=0 "$iwas" serve
check "a busy RADIUS port is named" 1 "$radius" env IWAS_HTTP_PORT=0 IWAS_STORE_URL=sqlite:other.db \
    IWAS_RADIUS_AUTHENTICATION_PORT="$radius" IWAS_RADIUS_ACCOUNTING_PORT=0 "$iwas" serve
check "the server compares a day" 0 '^    compared' "$iwas" reconcile run --language en --wait 30
check "and its report stays" 0 '^Differences: none' "$iwas" reconcile report --language en
check "for programs, too" 0 '"status":0' "$iwas" reconcile report --json
check "no unknown client" 0 'no unknown address' "$iwas" radius unknown "$portal"
check "radius test of an unknown client" 2 'No answer' timeout 30 "$iwas" radius test 127.0.0.1 --port "$radius" --secret x
check "the unknown client is listed" 0 '^127\.0\.0\.1 +3 packets  last 20' "$iwas" radius unknown "$portal"
check "and counted" 0 'iwas_radius_unknown_client_packets_total\{address="127.0.0.1"\} 3' curl -s "$portal/metrics"
check "where nothing listens" 1 'unreachable' "$iwas" radius unknown http://127.0.0.1:1
cat >cafe.toml <<'END'
[organizations.arena]
name = "Arena"
[locations.q7]
organization = "arena"
name = "Q7"
language = "en"
guest_network = "192.168.20.0/24"
[routers.here]
location = "q7"
radius_source = "127.0.0.1"
radius_secret = "secret-of-the-cli-test"
END
check "apply" 0 'router here' "$iwas" apply cafe.toml
for _ in $(seq 50); do "$iwas" radius unknown "$portal" | grep -q 'no unknown' && break; sleep 0.1; done
probe() { timeout 30 "$iwas" radius test 127.0.0.1 --secret secret-of-the-cli-test "$@"; }
check "radius test: the server is there" 0 'The server accepts; the shared secret is right' probe --port "$radius"
check "radius test: its answer is judged" 0 'Message-Authenticator: right' probe --port "$radius"
accounting=$(grep -oE 'RADIUS [0-9]+[^0-9]+[0-9]+' server.out | grep -oE '[0-9]+$')
check "radius test: the accounting port" 0 'The accounting port answers' probe --port "$accounting"
for kind in pap chap; do
    check "radius test: $kind is refused" 2 'The server refuses these credentials; the shared secret is right' \
        probe --port "$radius" --kind $kind --user nobody --password guess
done
check "radius test: the refusal says why" 2 'Reply-Message = "Wrong name or password."' \
    probe --port "$radius" --kind pap --user nobody --password guess
check "radius test: another secret" 2 'No answer' \
    timeout 30 "$iwas" radius test 127.0.0.1 --port "$radius" --secret another-secret
kill -TERM "$server"
wait "$server"
check "a clean end" 0 '^0$' echo $?
check "it said so" 0 'event=stopped' cat server.log
check "no token in the log" 1 '^0$' grep -c -e "${token#iwas_staff_}" server.log
server=
[ "$failed" -eq 0 ] && echo "all commands behave"
exit "$failed"
