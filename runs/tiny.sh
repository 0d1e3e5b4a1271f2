#!/usr/bin/env bash
# The whole pipeline at tiny size, on two CPU cores: from nothing to a differential. Read it top to bottom; runs/smol.sh is
# the same for one GPU. Meant to take under ten minutes: 7.9 on two AMD EPYC cores with hardly anything else running
# (docs/log.md).
#
#   runs/tiny.sh                 # into work/tiny
#   runs/tiny.sh FOLDER          # or WORK=FOLDER runs/tiny.sh
#   STEPS=2 runs/tiny.sh FOLDER  # a rehearsal: the same commands, a few steps each, nothing learned
#
# What is complete is not run again, what was interrupted goes on: call it again. To repeat a stage, delete its folder
# and those after it. Needs: pip install -c constraints.txt -e '.[train]'. Learns from the knowledge that
# ships with the package and from synthetic patients; opens no network connection.
set -euo pipefail
cd "$(dirname "$0")/.."

WORK=${1:-${WORK:-work/tiny}}
STEPS=${STEPS:-}
PYTHON=${PYTHON:-.venv/bin/python}
INTERNALIZED=${INTERNALIZED:-$WORK/internalize}   # a stage 1 of the same recipe that exists already can be named here
RECIPES=recipes/tiny
CASES=$WORK/cases.jsonl
mkdir -p "$WORK"

# glibc gives large buffers back to the system and asks for them again: a third of the time of training (docs/log.md)
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=50000000000 MALLOC_TOP_PAD_=268435456

raredx() { "$PYTHON" -m raredxr1 "$@"; }
# stage NAME FILE COMMAND...: run the command unless FILE, which it writes last, is there
stage() {
  local name=$1 last=$2
  shift 2
  if [ -e "$last" ]; then echo "=== $name: complete"; return 0; fi
  printf '\n=== %s (%s)\n' "$name" "$(date '+%H:%M:%S')"
  "$@"
}

# A rehearsal asks every stage for a few short steps; the recipes are otherwise the same.
INTERNALIZE=() FINETUNE=() REFLECT=() RL=() COUNT=120 LIST_TOKENS=128
if [ -n "$STEPS" ]; then
  INTERNALIZE=(tokens=$((STEPS * 2048)) log_steps=1)
  FINETUNE=(learning.tokens=$((STEPS * 2048)) learning.log_steps=1)
  REFLECT=(synthetic=$((STEPS * 4)) attempts=1 rounds=1 batch=8)
  RL=(steps="$STEPS" save_steps=1 prompts=2 group=2 synthetic.count=4 self_test=4 case_level.samples=2)
  COUNT=8 LIST_TOKENS=32
fi

# --- patients to evaluate on: drawn with a seed that nothing is trained with
patients() {
  raredx train data --recipe "$RECIPES/internalize.yaml" seed=4242 --cases "$COUNT" >"$CASES.partial"
  mv "$CASES.partial" "$CASES"
}
stage patients "$CASES" patients

# --- stage 1: what is known of two dozen diseases into the weights of a model made from scratch
stage internalize "$INTERNALIZED/manifest.json" \
  raredx train internalize --recipe "$RECIPES/internalize.yaml" out="$INTERNALIZED" "${INTERNALIZE[@]}"

# --- stage 2, RERS: lessons in using feedback; attempts, failures given back, what passes is kept; and learned
stage lessons "$WORK/lessons/manifest.json" \
  raredx train finetune --recipe "$RECIPES/lessons.yaml" out="$WORK/lessons" base="$INTERNALIZED/checkpoint" \
  internalized="$INTERNALIZED" "${FINETUNE[@]}"

stage reflect "$WORK/reflect/manifest.json" \
  raredx train reflect --recipe "$RECIPES/reflect.yaml" out="$WORK/reflect" internalized="$INTERNALIZED" \
  teacher="$WORK/lessons" "${REFLECT[@]}"

finetune() {
  local accepted=("accepted=[$WORK/reflect/accepted.jsonl]")
  if [ ! -s "$WORK/reflect/accepted.jsonl" ]; then
    echo "nothing was accepted: only replay and lessons are learned"
    accepted=("accepted=[]" accepted_share=0)
  fi
  raredx train finetune --recipe "$RECIPES/finetune.yaml" out="$WORK/finetune" base="$WORK/lessons/checkpoint" \
    internalized="$INTERNALIZED" "${accepted[@]}" "${FINETUNE[@]}"
}
stage finetune "$WORK/finetune/manifest.json" finetune

# --- stage 3, DCRL: practice with rewards, differentials before final diagnoses, easy before hard
stage rl "$WORK/rl/manifest.json" \
  raredx train rl --recipe "$RECIPES/rl.yaml" out="$WORK/rl" start="$WORK/finetune" "${RL[@]}"

# --- what came of it: the same patients before and after stages 2 and 3
evaluate() {  # evaluate NAME STAGE
  raredx evaluate --cases "$CASES" --system model --model "$2" --fast --ranking list --max-tokens "$LIST_TOKENS" \
    --out "$WORK/evaluated/$1" --resume
}
stage "evaluate after stage 1" "$WORK/evaluated/internalize/metrics.json" evaluate internalize "$INTERNALIZED"
stage "evaluate after stage 3" "$WORK/evaluated/rl/metrics.json" evaluate rl "$WORK/rl"
stage compare "$WORK/evaluated/compared.json" \
  raredx compare "$WORK/evaluated/internalize" "$WORK/evaluated/rl" --out "$WORK/evaluated/compared.json"

# --- export: int8 weights for the product, kept only if they say what the checkpoint says
stage export "$WORK/exported/parity.json" raredx export model "$WORK/rl" "$WORK/exported" --serve short

# --- a note in, a ranked differential out
diagnose() {
  raredx diagnose --example --model "$WORK/exported" --format json --quiet --out "$WORK/example.partial.json" --force
  mv "$WORK/example.partial.json" "$WORK/example.json"
  raredx diagnose --example --model "$WORK/exported"
}
stage diagnose "$WORK/example.json" diagnose
