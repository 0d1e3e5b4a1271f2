"""Stage 3, DCRL: dual-level curriculum reinforcement learning - rewards, tiers, sampler, training."""
