#!/usr/bin/env bash
# Train on our tasks with verl (several machines). Not tested here: the files are (see
# tests/train/test_tasks_export.py), the training is written from verl's documentation.
set -euo pipefail
secondthought tasks export verl-data --format verl --tasks countdown,puzzle24 -n 20000

# On every machine: pip install secondthought, so that reward.py finds the verifiers.
python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo \
    data.train_files="$PWD/verl-data/train.parquet" \
    data.val_files="$PWD/verl-data/validation.parquet" \
    data.train_batch_size=64 data.max_prompt_length=512 data.max_response_length=2048 \
    custom_reward_function.path="$PWD/verl-data/reward.py" \
    custom_reward_function.name=compute_score \
    actor_rollout_ref.model.path=Qwen/Qwen3-1.7B \
    actor_rollout_ref.actor.optim.lr=1e-6 \
    actor_rollout_ref.rollout.name=vllm actor_rollout_ref.rollout.n=16 \
    trainer.n_gpus_per_node=8 trainer.nnodes=1 trainer.logger='["console","tensorboard"]'
