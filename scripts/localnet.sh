#!/usr/bin/env bash
# Starts a network of N validators on this machine, node i on 127.0.0.(i+1), and
# returns once it makes blocks; each validator is also a seat of secure sums, which
# need at least two. Its accounts (scripts/localnet-accounts.txt) are in
# the keyring of $DIR/client, whose client.toml points at the first node:
#   build/alitad --home .localnet/client query bank balances alice
# scripts/localnet-stop.sh ends it.
#
# Environment:
#   BIN             the node's binary               build/alitad
#   WORKER          the seats' binary               build/alita-worker
#   SEATS           1: every validator is a seat    1
#   DIR             where everything is kept        .localnet (removed first)
#   N               number of validators            1
#   CHAIN_ID        name of the chain               alita-local-1
#   PORT_OFFSET     added to every default port     0
#   TIMEOUT_COMMIT  pause between blocks            500ms
#   EXECUTOR        sequential, block-stm or mixed  sequential
#   BALANCE         coins of each account           1000000000000ualita
#   GENESIS_EDIT    jq filter applied to genesis    .
#   LOG_LEVEL       of the nodes                    info
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
BIN=${BIN:-$root/build/alitad}; WORKER=${WORKER:-$root/build/alita-worker}; SEATS=${SEATS:-1}; DIR=${DIR:-$root/.localnet}; N=${N:-1}
CHAIN_ID=${CHAIN_ID:-alita-local-1}; PORT_OFFSET=${PORT_OFFSET:-0}
TIMEOUT_COMMIT=${TIMEOUT_COMMIT:-500ms}; EXECUTOR=${EXECUTOR:-sequential}
BALANCE=${BALANCE:-1000000000000ualita}; GENESIS_EDIT=${GENESIS_EDIT:-.}; LOG_LEVEL=${LOG_LEVEL:-info}
accounts=$root/scripts/localnet-accounts.txt
stake=500000000000ualita

command -v jq >/dev/null || { echo "jq is needed" >&2; exit 1; }
[ -x "$BIN" ] || { echo "$BIN is missing: run make build" >&2; exit 1; }
[ "$SEATS" = 0 ] || [ -x "$WORKER" ] || { echo "$WORKER is missing: run make build, or set SEATS=0" >&2; exit 1; }
if [ -e "$DIR" ]; then
  DIR=$DIR "$root/scripts/localnet-stop.sh"
  rm -rf "$DIR"
fi
mkdir -p "$DIR"
DIR=$(cd "$DIR" && pwd)
port() { echo $(($1 + PORT_OFFSET)); }
ip() { echo "127.0.0.$(($1 + 1))"; }
# Commands of the node write much to standard error even when all is well.
quiet() { "$@" >"$DIR/setup.log" 2>&1 || { cat "$DIR/setup.log" >&2; exit 1; }; }

client_config() { # client_config HOME NODE
  "$BIN" config set client chain-id "$CHAIN_ID" --home "$1"
  "$BIN" config set client keyring-backend test --home "$1"
  "$BIN" config set client node "tcp://$(ip "$2"):$(port 26657)" --home "$1"
}

echo "localnet: making keys and genesis of $N validator(s) in $DIR"
client=$DIR/client
client_config "$client" 0
grep -v '^#' "$accounts" | while read -r name mnemonic; do
  quiet "$BIN" keys add "$name" --recover --home "$client" <<<"$mnemonic"
done
for ((i = 0; i < N; i++)); do
  home=$DIR/node$i
  quiet "$BIN" init "node$i" --chain-id "$CHAIN_ID" --home "$home"
  client_config "$home" "$i"
  quiet "$BIN" keys add validator --home "$home"
done

first=$DIR/node0
{
  "$BIN" keys list --home "$client" --output json | jq -r '.[].address' | sed "s/$/ $BALANCE/"
  for ((i = 0; i < N; i++)); do
    echo "$("$BIN" keys show validator -a --home "$DIR/node$i") 1${stake}"
  done
} | jq -Rn '[inputs | split(" ") | {
      address: .[0],
      coins: [.[1] | split(",")[] | capture("^(?<amount>[0-9]+)(?<denom>.+)$")]
    }]' >"$DIR/accounts.json"
quiet "$BIN" genesis bulk-add-genesis-account "$DIR/accounts.json" --home "$first"
# Governance and prices of new pools that a person can wait for.
jq '.app_state.datapool.params.twap_window = "1"
    | .app_state.gov.params.voting_period = "20s"
    | .app_state.gov.params.expedited_voting_period = "10s"
    | .app_state.gov.params.max_deposit_period = "60s"' "$first/config/genesis.json" |
  jq "$GENESIS_EDIT" >"$DIR/genesis.json"
cp "$DIR/genesis.json" "$first/config/genesis.json"

mkdir -p "$first/config/gentx"
peers=""
for ((i = 0; i < N; i++)); do
  home=$DIR/node$i
  [ "$i" = 0 ] || cp "$DIR/genesis.json" "$home/config/genesis.json"
  quiet "$BIN" genesis gentx validator "$stake" --chain-id "$CHAIN_ID" --home "$home" \
    --ip "$(ip "$i")" --output-document "$first/config/gentx/gentx$i.json"
  peers="$peers,$("$BIN" comet show-node-id --home "$home")@$(ip "$i"):$(port 26656)"
done
quiet "$BIN" genesis collect-gentxs --home "$first"
quiet "$BIN" genesis validate --home "$first"

for ((i = 0; i < N; i++)); do
  home=$DIR/node$i
  [ "$i" = 0 ] || cp "$first/config/genesis.json" "$home/config/genesis.json"
  # Connections between loopback addresses all seem to come from 127.0.0.1.
  sed -i.bak -e 's/^addr_book_strict = .*/addr_book_strict = false/' \
    -e 's/^allow_duplicate_ip = .*/allow_duplicate_ip = true/' \
    -e "s/^timeout_commit = .*/timeout_commit = \"$TIMEOUT_COMMIT\"/" \
    -e "s/^prometheus_listen_addr = .*/prometheus_listen_addr = \"$(ip "$i"):$(port 26660)\"/" "$home/config/config.toml"
  executor=$EXECUTOR
  if [ "$EXECUTOR" = mixed ]; then
    executor=sequential; [ $((i % 2)) = 0 ] && executor=block-stm
  fi
  sed -i.bak -e "s/^block-executor = .*/block-executor = \"$executor\"/" \
    -e 's/^enabled-unsafe-cors = .*/enabled-unsafe-cors = true/' "$home/config/app.toml"
  rm -f "$home"/config/*.bak
  nohup "$BIN" start --home "$home" --log_no_color --log_level "$LOG_LEVEL" \
    --p2p.laddr "tcp://$(ip "$i"):$(port 26656)" --p2p.persistent_peers "${peers#,}" \
    --rpc.laddr "tcp://$(ip "$i"):$(port 26657)" --rpc.pprof_laddr "" \
    --grpc.address "$(ip "$i"):$(port 9090)" --api.address "tcp://$(ip "$i"):$(port 1317)" \
    >"$DIR/node$i.log" 2>&1 </dev/null &
  echo $! >"$DIR/node$i.pid"
done

cat >"$DIR/env" <<VARS
CHAIN_ID=$CHAIN_ID
CLIENT_HOME=$client
RPC=tcp://$(ip 0):$(port 26657)
GRPC=$(ip 0):$(port 9090)
REST=http://$(ip 0):$(port 1317)
VARS

echo "localnet: waiting for the first block"
for ((tries = 0; ; tries++)); do
  height=$("$BIN" status --home "$client" 2>/dev/null | jq -r '.sync_info.latest_block_height' 2>/dev/null || true)
  [ "${height:-0}" -ge 1 ] 2>/dev/null && break
  for ((i = 0; i < N; i++)); do
    kill -0 "$(cat "$DIR/node$i.pid")" 2>/dev/null || {
      echo "node$i ended:" >&2; tail -n 20 "$DIR/node$i.log" >&2
      DIR=$DIR "$root/scripts/localnet-stop.sh"; exit 1
    }
  done
  [ "$tries" -lt 900 ] || { echo "no block after 180 s, see $DIR/node0.log" >&2; exit 1; }
  sleep 0.2
done
. "$DIR/env"

# seat I: makes the seat of validator I, pays for it, registers it and starts it.
seat() {
  local home=$DIR/seat$1 node=$DIR/node$1 account trust
  mkdir -p "$home"
  (umask 077; echo "the passphrase of seat $1" >"$home/passphrase")
  # It believes what the chain proves, from a header that another node shows as well, or from the newest one.
  trust=(--witness "$(ip $((($1 + 1) % N))):$(port 9090)")
  [ "$N" != 1 ] || trust=(--trust "$("$BIN" status --home "$client" | jq -re '.sync_info | .latest_block_height + ":" + .latest_block_hash')")
  account=$("$WORKER" seat init --home "$home/home" --passphrase-file "$home/passphrase" --chain-id "$CHAIN_ID" \
    --node "$(ip "$1"):$(port 9090)" "${trust[@]}" --output json | jq -re .seat) || return 1
  tx() { "$BIN" tx "$@" --from validator --home "$node" --yes >/dev/null; }
  tx bank send "$("$BIN" keys show validator -a --home "$node")" "$account" 1000000000ualita || return 1
  tx compute register-seat "$account" 2000000000ualita 500 || return 1
  nohup "$WORKER" seat run --home "$home/home" --passphrase-file "$home/passphrase" >"$home.log" 2>&1 </dev/null &
  echo $! >"$DIR/seat$1.pid"
}
if [ "$SEATS" != 0 ]; then
  echo "localnet: making $N seat(s)"
  for ((i = 0; i < N; i++)); do
    seat "$i" 2>"$DIR/setup.log" || { cat "$DIR/setup.log" >&2; DIR=$DIR "$root/scripts/localnet-stop.sh"; exit 1; }
  done
fi
echo "localnet: height $height, RPC $RPC, gRPC $GRPC, REST $REST (browse $REST/swagger/)"
