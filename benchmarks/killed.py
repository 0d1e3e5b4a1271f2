"""Kill -9 at random points, go on to the end, compare with what was left alone: a batch, a server's job, a training.

    python benchmarks/killed.py batch --count 20       rows of results.jsonl
    python benchmarks/killed.py serve --count 10       rows of a job
    python benchmarks/killed.py train --count 5        weights of a tiny stage 1

Equal means the same bytes, without the seconds that each row says it took. Each part prints one line.
"""

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

RAREDX = (sys.executable, "-m", "raredxr1")
PORT = 18_400
SHAPE = {"vocabulary": 600, "hidden": 32, "layers": 1, "heads": 2, "kv_heads": 2, "feed_forward": 64, "context": 512}
TRAINING = {
    **{"seed": 3, "new_model": SHAPE, "diseases": 5, "tokens": 512 * 150, "row_tokens": 512, "rows": 1},
    **{"log_steps": 5, "hypotheses": 1, "full_names": 1, "save_minutes": 1e-6},
}
"""150 steps that are all saved."""


def killed_now_and_then(command: list[str], kills: int, longest: float, rng: random.Random, done: Any) -> int:
    """Start a command again and again, killing it until that was done so often; then let it end.

    Args:
        command: what is run; it goes on where it was.
        kills: how often it is killed at most.
        longest: seconds after which it is killed at the latest.
        rng: when.
        done: whether its work is complete.

    Returns:
        How often it was killed.
    """
    killed = 0
    while not done():
        process = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(rng.uniform(0.1, 1.2 * longest) if killed < kills else None)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
    return killed


def notes(count: int) -> list[dict[str, str]]:
    """Short notes that differ."""
    found = ("ataxia", "seizures", "microcephaly", "hearing loss", "cataract", "short stature", "hypotonia")
    return [
        {"id": f"p{n}", "note": f"Girl of {n % 9 + 1} years with {found[n % 7]} and {found[(n // 7 + 3) % 7]}."}
        for n in range(count)
    ]


def batch(kills: int, seed: int) -> str:
    """A batch of 64 notes, killed until enough, each time from the start once it is complete."""
    rng, total, rounds, lost = random.Random(seed), 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        source, whole, out = (Path(folder, name) for name in ("in.jsonl", "whole.jsonl", "out.jsonl"))
        source.write_text("\n".join(map(json.dumps, notes(64))))
        command = [*RAREDX, "diagnose", "--batch", str(source), "--fast", "--quiet", "--threads", "1", "--out"]
        started = time.monotonic()
        subprocess.run([*command, str(whole)], check=True)
        took, wanted, seen = time.monotonic() - started, _rows(whole), b""
        while total < kills:
            rounds += 1
            for path in Path(folder).glob("out.jsonl*"):
                path.unlink()
            seen = b""

            def done() -> bool:
                nonlocal seen, lost
                data = out.read_bytes() if out.exists() else b""
                data = data[: data.rfind(b"\n") + 1]
                lost += not data.startswith(seen)
                seen = data
                return data.count(b"\n") == 64

            # --resume where there is nothing to go on with starts anew
            total += killed_now_and_then([*command, str(out), "--resume"], min(6, kills - total), took, rng, done)
            if _rows(out) != wanted:
                return f"batch: DIFFERS after {total} kills (seed {seed})"
    return f"batch: {total} kills in {rounds} runs of 64 notes, seed {seed}, rows lost {lost}, results the same"


def serve(kills: int, seed: int) -> str:
    """A job of 64 notes on a server that is killed and started again."""
    rng, killed = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder:
        items = [{"name": one["id"], "note": one["note"]} for one in notes(64)]
        address, made = f"http://127.0.0.1:{PORT + seed % 100}", ""
        command = [*RAREDX, "serve", "--port", str(PORT + seed % 100), "--threads", "1", "--data", folder]
        rounds: list[list[Any]] = []
        while killed < kills or len(rounds) < 2:
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                _wait(address)
                if not made:
                    made = _ask(f"{address}/v1/jobs", {"items": items, "options": {"form": "short"}})["id"]
                state = _ask(f"{address}/v1/jobs/{made}")["state"]
                if state in ("interrupted", "cancelled"):
                    _ask(f"{address}/v1/jobs/{made}/resume", {})
                # the first job is left alone, and what others give is compared with it
                until = time.monotonic() + (rng.uniform(0.1, 8) if rounds and killed < kills else 10_000)
                while time.monotonic() < until and (state := _ask(f"{address}/v1/jobs/{made}")["state"]) == "active":
                    time.sleep(0.1)
                if state == "done":
                    with urllib.request.urlopen(f"{address}/v1/jobs/{made}/results", timeout=60) as answer:
                        rounds.append([_timeless(json.loads(line)) for line in answer.read().splitlines()])
                    made = ""
                elif time.monotonic() >= until:
                    killed += 1
            finally:
                server.send_signal(signal.SIGKILL)
                server.wait()
    same = all(one == rounds[0] and len(one) == 64 for one in rounds)
    said = "results the same" if same else "results DIFFER"
    return f"serve: {killed} kills, {len(rounds)} jobs of 64 notes, seed {seed}, {said}"


def train(kills: int, seed: int) -> str:
    """Stage 1 with a tiny new model that saves at every step, killed and gone on with."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        sums, killed = [], 0
        for name in ("whole", "killed"):
            recipe, out = Path(folder, f"{name}.yaml"), Path(folder, name)
            recipe.write_text(json.dumps({**TRAINING, "out": str(out)}))
            command = [*RAREDX, "train", "internalize", "--recipe", str(recipe), "--quiet"]
            started = time.monotonic()
            if name == "whole":
                subprocess.run(command, check=True)
                took = time.monotonic() - started
            else:
                killed = killed_now_and_then(command, kills, took, rng, (out / "manifest.json").exists)
            sums.append(hashlib.sha256((out / "checkpoint" / "model.safetensors").read_bytes()).hexdigest())
    same = "identical" if len(set(sums)) == 1 else "DIFFER"
    return f"train: {killed} kills of a stage of {took:.0f} s, seed {seed}, weights {same}"


def _rows(path: Path) -> list[Any]:
    return [_timeless(json.loads(line)) for line in path.read_bytes().splitlines()]


def _timeless(value: Any) -> Any:
    """Without the seconds that work took."""
    if isinstance(value, dict):
        kept = {key: held for key, held in value.items() if key not in ("timings", "timing", "seconds")}
        return {key: _timeless(held) for key, held in kept.items()}
    return [_timeless(held) for held in value] if isinstance(value, list) else value


def _ask(address: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(
        urllib.request.Request(address, data, {"content-type": "application/json"}), timeout=60
    ) as answer:
        return json.load(answer)


def _wait(address: str) -> None:
    for _ in range(1200):
        try:
            _ask(f"{address}/v1/health")
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"{address} does not answer")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("batch", "serve", "train"))
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print({"batch": batch, "serve": serve, "train": train}[asked.part](asked.count, asked.seed), flush=True)


if __name__ == "__main__":
    main()
