# Starts PostgreSQL and Chroma for the tests, in a folder that goes away with them; to be sourced:
#     source tests/start_servers.sh && make test
# Without PostgreSQL's programs it says so, and the tests that need the servers are skipped.
servers_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
servers_bin=${servers_bin:-$(dirname "$(command -v initdb)" 2>/dev/null)}

servers_as_owner() { # PostgreSQL refuses to run as root
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

servers_free_port() {
    .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

servers_stop() {
    [ -n "${servers_chroma:-}" ] && kill "$servers_chroma" 2>/dev/null && wait "$servers_chroma" 2>/dev/null
    [ -n "${servers_folder:-}" ] || return 0
    servers_as_owner "$servers_bin/pg_ctl" -D "$servers_folder/data" -m immediate -w stop >/dev/null 2>&1
    rm -rf "$servers_folder"
    unset HEARD_TEST_DATABASE_URL HEARD_TEST_CHROMA_URL servers_folder servers_chroma
}

if [ ! -x "$servers_bin/initdb" ]; then
    echo "PostgreSQL is not installed: what needs servers is not tested." >&2
else
    trap servers_stop EXIT
    servers_folder=$(mktemp -d)
    [ "$(id -u)" = 0 ] && chown postgres "$servers_folder"
    servers_port=$(servers_free_port)
    servers_as_owner "$servers_bin/initdb" -D "$servers_folder/data" -U heard --auth trust \
        --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null
    servers_as_owner "$servers_bin/pg_ctl" -D "$servers_folder/data" -l "$servers_folder/data/log" -w start -o \
        "-p $servers_port -k $servers_folder -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" >/dev/null
    export HEARD_TEST_DATABASE_URL="postgresql://heard@127.0.0.1:$servers_port/postgres"

    servers_port=$(servers_free_port)
    mkdir -p "$servers_folder/chroma" 2>/dev/null || servers_as_owner mkdir -p "$servers_folder/chroma"
    ANONYMIZED_TELEMETRY=False .venv/bin/chroma run --path "$servers_folder/chroma" --host 127.0.0.1 \
        --port "$servers_port" >"$servers_folder/chroma.log" 2>&1 &
    servers_chroma=$!
    export HEARD_TEST_CHROMA_URL="http://127.0.0.1:$servers_port"
    for _ in $(seq 60); do
        .venv/bin/python -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=1)' \
            "$HEARD_TEST_CHROMA_URL/api/v2/heartbeat" 2>/dev/null && break
        sleep 0.5
    done
fi
