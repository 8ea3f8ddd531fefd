"""llama.cpp's server with one adapter, on its own: `python -m tests.tuning.llama BASE ADAPTER` prints its address."""

import sys

import xllamacpp


def main(base: str, adapter: str) -> None:
    """Serve until stdin is closed."""
    params = xllamacpp.CommonParams()
    params.model.path = base
    params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(adapter, 1.0)]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 1
    # more of them wait for each other in busy loops where other tests want the processors, too
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.cache_ram_mib = 0
    params.cache_prompt = False
    # as the other side remembers; halves would decide near ties otherwise
    params.cache_type_k = params.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    params.verbosity = 1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
