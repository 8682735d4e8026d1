"""The runtimes of the engine benchmark: each continues prompts to the end of their thoughts.

`run(batch, seeds)` takes token ids, one list and one seed a row, and returns for each row the
thought's ids, its end marker included, and the log-prob of each under the full softmax.
Constructors raise ImportError or RuntimeError with the reason where a runtime cannot run.
"""

from __future__ import annotations

import argparse

import numpy as np

from secondthought.models.engine import sampling
from secondthought.models.engine.engine import Engine
from secondthought.models.engine.tokenizer import PAD, UNTHINK, VOCAB

Prompts = list[list[int]]
Thoughts = list[tuple[list[int], list[float]]]


class Ours:
    name = "secondthought"

    def __init__(self, a: argparse.Namespace) -> None:
        self.a = a
        self.engine = Engine.load(a.checkpoint, threads=a.threads)

    def run(self, batch: Prompts, seeds: list[int]) -> Thoughts:
        rollouts = self.engine.generate_ids(
            batch,
            seeds=seeds,
            temperature=self.a.temperature,
            max_thought=self.a.cap,
            max_answer=1,
            repetition_guard=False,
        )
        return [(r.ids[: r.thought_len], r.logprobs[: r.thought_len]) for r in rollouts]


class Transformers:
    name = "transformers"

    def __init__(self, a: argparse.Namespace) -> None:
        import torch
        from transformers import AutoModelForCausalLM

        self.a, self.torch = a, torch
        torch.set_num_threads(a.threads)
        self.model = AutoModelForCausalLM.from_pretrained(a.checkpoint, dtype=torch.float32).eval()

    def run(self, batch: Prompts, seeds: list[int]) -> Thoughts:
        torch = self.torch
        longest = max(map(len, batch))
        ids = torch.tensor([[PAD] * (longest - len(p)) + p for p in batch])
        mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in batch])
        torch.manual_seed(seeds[0])  # it has one generator for all rows
        with torch.inference_mode():
            out = self.model.generate(
                ids,
                attention_mask=mask,
                do_sample=True,
                temperature=self.a.temperature,
                top_k=0,
                max_new_tokens=self.a.cap,
                eos_token_id=UNTHINK,
                pad_token_id=PAD,
                return_dict_in_generate=True,
                output_logits=True,
            )
            tokens = out.sequences[:, longest:]
            logits = torch.stack(out.logits, dim=1).float()
            chosen = logits.gather(-1, tokens[..., None])[..., 0] - logits.logsumexp(-1)
        rows = zip(tokens.tolist(), chosen.tolist(), strict=True)
        return [(t[: _end(t)], lp[: _end(t)]) for t, lp in rows]


class LlamaCpp:
    """All rows as sequences of one context; a row that has ended leaves the batch."""

    name = "llama.cpp"

    def __init__(self, a: argparse.Namespace) -> None:
        import llama_cpp as ll

        if a.gguf is None:
            raise RuntimeError("no --gguf FILE of the same weights given")
        self.a, self.ll = a, ll
        self.model = ll.llama_model_load_from_file(
            str(a.gguf).encode(), ll.llama_model_default_params()
        )
        if not self.model:
            raise RuntimeError(f"llama.cpp cannot load {a.gguf}")

    def run(self, batch: Prompts, seeds: list[int]) -> Thoughts:
        ll, count = self.ll, len(batch)
        longest = max(map(len, batch))
        params = ll.llama_context_default_params()
        params.n_seq_max = count
        params.n_ctx = count * -(-(longest + self.a.cap) // 256) * 256
        params.n_batch = params.n_ubatch = max(longest, count, 512)
        params.n_threads = params.n_threads_batch = self.a.threads
        context = ll.llama_init_from_model(self.model, params)
        room = ll.llama_batch_init(params.n_batch, 0, 1)
        rows: Thoughts = [([], []) for _ in batch]
        live = list(range(count))
        logits = np.empty((count, VOCAB), np.float32)
        try:
            for row, prompt in enumerate(batch):
                last = len(prompt) - 1
                self._feed(context, room, [(t, i, row, i == last) for i, t in enumerate(prompt)])
                logits[row] = self._logits(context, last)
            while live:
                lengths = np.array([len(batch[r]) + len(rows[r][0]) for r in live], np.int32)
                chosen = sampling.choose(
                    logits[: len(live)],
                    np.zeros((len(live), VOCAB), np.float32),
                    np.array([seeds[r] for r in live], np.uint64),
                    lengths,
                    np.full(len(live), self.a.temperature, np.float32),
                    np.ones(len(live), np.float32),
                )
                scores = sampling.logprobs(logits[: len(live)], chosen)
                for row, token, score in zip(live, chosen.tolist(), scores.tolist(), strict=True):
                    rows[row][0].append(token)
                    rows[row][1].append(score)
                live = [
                    r for r in live if rows[r][0][-1] != UNTHINK and len(rows[r][0]) < self.a.cap
                ]
                if live:
                    ends = [(rows[r][0][-1], len(batch[r]) + len(rows[r][0]) - 1) for r in live]
                    self._feed(
                        context, room, [(*e, r, True) for e, r in zip(ends, live, strict=True)]
                    )
                    for i in range(len(live)):
                        logits[i] = self._logits(context, i)
        finally:
            ll.llama_batch_free(room)
            ll.llama_free(context)
        return rows

    def _feed(
        self, context: object, room: object, tokens: list[tuple[int, int, int, bool]]
    ) -> None:
        room.n_tokens = len(tokens)
        for i, (token, position, row, wanted) in enumerate(tokens):
            room.token[i], room.pos[i], room.logits[i] = token, position, wanted
            room.n_seq_id[i], room.seq_id[i][0] = 1, row
        if self.ll.llama_decode(context, room):
            raise RuntimeError("llama_decode failed")

    def _logits(self, context: object, index: int) -> np.ndarray:
        return np.ctypeslib.as_array(self.ll.llama_get_logits_ith(context, index), (VOCAB,))


class OpenVino:
    name = "OpenVINO GenAI"

    def __init__(self, a: argparse.Namespace) -> None:
        import openvino as ov
        import openvino_genai as genai

        if a.openvino is None:
            raise RuntimeError("no --openvino FOLDER of the same weights given")
        self.a, self.ov, self.genai = a, ov, genai
        hints = {"INFERENCE_NUM_THREADS": a.threads, "INFERENCE_PRECISION_HINT": "f32"}
        self.pipe = genai.ContinuousBatchingPipeline(
            str(a.openvino), genai.SchedulerConfig(), "CPU", hints
        )

    def run(self, batch: Prompts, seeds: list[int]) -> Thoughts:
        configs = []
        for seed in seeds:
            config = self.genai.GenerationConfig()
            config.do_sample, config.temperature, config.rng_seed = True, self.a.temperature, seed
            config.max_new_tokens, config.logprobs = self.a.cap, 1
            config.stop_token_ids = {UNTHINK}
            configs.append(config)
        inputs = [self.ov.Tensor(np.array([p], np.int64)) for p in batch]
        results = self.pipe.generate(inputs, configs)
        # It returns one score a sequence; the log-probs that it computed stay inside.
        return [(list(r.m_generation_ids[0]), []) for r in results]


def _end(tokens: list[int]) -> int:
    """Length of the thought with its end marker; padding after it is no work."""
    return tokens.index(UNTHINK) + 1 if UNTHINK in tokens else len(tokens)
