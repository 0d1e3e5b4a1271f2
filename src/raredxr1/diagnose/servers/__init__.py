"""Language models behind OpenAI-compatible servers (llama.cpp, Ollama, vLLM, LM Studio, hosted ones) as the model."""

from raredxr1.diagnose.servers.address import ServerAddress, is_server, parse_server

__all__ = ["ServerAddress", "is_server", "parse_server"]
