# Sourced by .ci/run and .ci/nightly: how a step is run and counted, and what has to be installed for it.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CI=true
exec </dev/null

passed=0
failed=0
skipped=0
failures=()
details=()

# step NAME SECONDS COMMAND…: runs a step, counts it, and goes on when it fails, so that one run names everything.
step() {
  local name=$1 seconds=$2 started=$SECONDS code=0
  shift 2
  printf '\n== %s\n' "$name"
  timeout --kill-after=10 "$seconds" "$@" || code=$?
  if [ "$code" -eq 0 ]; then
    passed=$((passed + 1))
    printf '== %s: ok, %d s\n' "$name" $((SECONDS - started))
  else
    failed=$((failed + 1))
    failures+=("$name (exit code $code)")
    printf '== %s: failed with exit code %d, %d s\n' "$name" "$code" $((SECONDS - started))
  fi
}

# tests NAME SECONDS COMMAND…: a step whose closing line of counts goes into ours. What its summary says of failed tests
# is said again at the end of the run, where it is found.
tests() {
  local log
  log=$(mktemp)
  step "$1" "$2" bash -c 'set -o pipefail; log=$1; shift; "$@" 2>&1 | tee "$log"' _ "$log" "${@:3}"
  local counts
  counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -1 || true)
  if [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    skipped=$((skipped + BASH_REMATCH[3]))
  fi
  details+=("$(sed -nE '/^(Failed|Broken|Skipped|Passed only when tried again): /,$p' "$log" | head -200)")
  rm -f "$log"
}

install_from_debian() {
  local packages sudo=()
  packages=$(node scripts/needs.mjs jupyter notebook chromium redis "$@")
  # shellcheck disable=SC2086
  if dpkg -s $packages >/dev/null 2>&1; then return 0; fi
  if [ "$(id -u)" -ne 0 ]; then sudo=(sudo); fi
  "${sudo[@]}" apt-get update -q
  # shellcheck disable=SC2086
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
}
export -f install_from_debian

# deno_program: prints the path of Deno, whose kernel runs the notebooks too; installed once outside of the checkout.
deno_program() {
  local folder=${XDG_CACHE_HOME:-$HOME/.cache}/tenantlab-ci/deno
  if [ ! -x "$folder/node_modules/.bin/deno" ]; then
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error deno@2.9.6 >&2
  fi
  echo "$folder/node_modules/.bin/deno"
}

# deploy_cli_program: prints the path of Auth0's deploy CLI, which moves tenants; installed once outside of the checkout.
deploy_cli_program() {
  local folder=${XDG_CACHE_HOME:-$HOME/.cache}/tenantlab-ci/deploy-cli
  local program=$folder/node_modules/auth0-deploy-cli/lib/index.js
  if [ ! -f "$program" ]; then
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error auth0-deploy-cli@8.44.0 >&2
  fi
  echo "$program"
}

# mcp_server_program: prints the path of Auth0's MCP server, which also brings the older SDK; installed once as well.
mcp_server_program() {
  local folder=${XDG_CACHE_HOME:-$HOME/.cache}/tenantlab-ci/mcp
  local program=$folder/node_modules/@auth0/auth0-mcp-server/dist/index.js
  if [ ! -f "$program" ]; then
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error @auth0/auth0-mcp-server@0.1.0-beta.19 >&2
  fi
  echo "$program"
}

# other_node MAJOR: prints the folder of that Node's program, installed once outside of the checkout.
other_node() {
  local arch package folder
  case "$(uname -m)" in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) echo "No Node package is known for $(uname -m)." >&2 && return 1 ;;
  esac
  package=node-linux-$arch
  folder=${XDG_CACHE_HOME:-$HOME/.cache}/tenantlab-ci/node-$1
  if [ ! -x "$folder/node_modules/$package/bin/node" ]; then
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --no-audit --no-fund --loglevel=error "$package@$1" >&2
  fi
  echo "$folder/node_modules/$package/bin"
}

# under_node MAJOR: what has to hold under that Node: the fast tests, the main job and the packed package.
under_node() {
  local folder
  if folder=$(other_node "$1"); then
    tests "npm run test:unit, Node $1" 240 env "PATH=$folder:$PATH" npm run test:unit
    step "npm start without a terminal, Node $1" 120 env "PATH=$folder:$PATH" npm start
    step "npm run pack:check, Node $1" 180 env "PATH=$folder:$PATH" npm run pack:check
  else
    failed=$((failed + 1))
    failures+=("Node $1 could not be installed")
  fi
}

# installed NEED…: Debian's packages (also those of the needs that are named) and Deno, which the tests of kernels, browsers and stores need.
installed() {
  step 'Debian packages' 300 bash -c 'set -euo pipefail; install_from_debian "$@"' _ "$@"
  if deno=$(deno_program); then export DENO_PROGRAM=$deno; fi
}

# closing_line: what failed, the counts, and the exit code of the whole run.
closing_line() {
  echo
  for each in "${details[@]+"${details[@]}"}"; do if [ -n "$each" ]; then printf '%s\n' "$each"; fi; done
  for each in "${failures[@]+"${failures[@]}"}"; do printf 'Failed: %s\n' "$each"; done
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ]
}
