"""Writes turns with llama.cpp, for benchmarks/decoding.py: a GGUF file and prompts in, texts and seconds out.

    PYTHON benchmarks/llamacpp.py MODEL.gguf THREADS TOKENS < prompts.json > turns.json

PYTHON is an interpreter with xllamacpp, llama.cpp as PyPI has it built. Nothing of this project is imported.
"""

import json
import sys
import time

import xllamacpp


def main() -> None:
    """Ask for each prompt's turn, greedily and with nothing kept from the one before."""
    asked = xllamacpp.CommonParams()
    asked.model.path, threads, tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    asked.n_ctx, asked.n_parallel, asked.warmup = 2048, 1, False
    asked.cpuparams.n_threads = asked.cpuparams_batch.n_threads = threads
    server, turns = xllamacpp.Server(asked), []
    for prompt in json.load(sys.stdin):
        started, spent = time.perf_counter(), time.process_time()
        options = {"temperature": 0, "top_k": 1, "cache_prompt": False, "stop": ["<|im_end|>"], "n_predict": tokens}
        answer = server.handle_completions({"prompt": prompt, **options})
        took = {"wall": time.perf_counter() - started, "processor": time.process_time() - spent}
        text = answer["content"] if "content" in answer else answer["choices"][0]["text"]
        turns.append({"text": text, "timings": answer["timings"], **took})
    json.dump(turns, sys.stdout)


if __name__ == "__main__":
    main()
