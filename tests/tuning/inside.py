"""What has to run where torch is: `python -m tests.tuning.inside <what> ...`, with the tuning environment's python."""

import json
import sys
from pathlib import Path
from typing import Any


def whole(base: str, target: str) -> None:
    """Write a quantised GGUF file again with whole weights, so that both sides compute with the same numbers."""
    import gguf
    import numpy as np

    reader = gguf.GGUFReader(base)
    writer = gguf.GGUFWriter(target, reader.get_field("general.architecture").contents())
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind is gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)
    for tensor in reader.tensors:
        weights = gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        writer.add_tensor(tensor.name, weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def random(base: str, target: str) -> None:
    """Write an adapter of chance, in PEFT's format: it changes every layer, its queries and keys the most."""
    import torch
    from peft import LoraConfig, get_peft_model

    from bot.tuning.bases import Device, load_base
    from bot.tuning.training import TARGETS

    torch.manual_seed(7)
    loaded = load_base(Path(base), Device("cpu", torch.float32))
    config = LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=8, target_modules=list(TARGETS))
    model = get_peft_model(loaded.model, config)
    for name, weight in model.named_parameters():
        if ".lora_B." in name:
            strength = 0.3 if ".q_proj." in name or ".k_proj." in name else 0.002
            weight.data = torch.randn_like(weight) * strength
    model.save_pretrained(target)


def folder(base: str, target: str, kind: str) -> None:
    """Write a tiny model of chance in Hugging Face's layout, with the base's tokenizer; `kind` is its architecture."""
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

    path = Path(base)
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    config = AutoConfig.for_model(
        kind,
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
    )
    AutoModelForCausalLM.from_config(config).save_pretrained(target)
    tokenizer.save_pretrained(target)


def lacks(base: str, adapter: str, spoken: str) -> None:
    """Print for each prompt with an answer how far the model with the adapter, greedy, is from giving that answer.

    The answer is put behind the prompt and read once. It is given when each of its tokens is the likeliest: nothing
    lacks. Else it is the largest distance of one of its tokens from the likeliest, in logits.
    The last token of an answer that was cut may have been cut out of a longer one, and is left out.
    """
    import torch
    from peft import PeftModel

    from bot.tuning.bases import Device, load_base

    loaded = load_base(Path(base), Device("cpu", torch.float32))
    model = PeftModel.from_pretrained(loaded.model, adapter).eval()
    for name, weight in model.named_parameters():
        if ".lora_" in name:
            # as the GGUF file holds them: halves, where near ties may fall the other way
            weight.data = weight.data.half().float()
    said = []
    for prompt, answer, whole_answer in json.loads(spoken):
        text = loaded.tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
        )
        ids = loaded.tokenizer(text, add_special_tokens=False)["input_ids"]
        own = loaded.tokenizer(answer, add_special_tokens=False)["input_ids"]
        own = [*own, loaded.tokenizer.eos_token_id] if whole_answer else own[:-1]
        with torch.no_grad():
            logits = model(torch.tensor([[*ids, *own]])).logits[0]
        likely = logits[len(ids) - 1 : -1]
        lack = likely.max(dim=-1).values - likely.gather(1, torch.tensor(own).unsqueeze(1)).squeeze(1)
        said.append(lack.max().item())
    sys.stdout.write(json.dumps(said))


def convert(adapter: str, base: str, target: str, *options: str) -> None:
    """Convert an adapter; `unordered` leaves the rows of queries and keys as they are."""
    from transformers import AutoConfig

    from bot.tuning import converting

    if "unordered" in options:
        converting._HEADS.clear()
    path = Path(base)
    config = AutoConfig.from_pretrained(path.parent, gguf_file=path.name).to_dict()
    converting.convert(Path(adapter), config, Path(target), name="test")


def refused(adapter: str, changes: str) -> None:
    """Print why an adapter whose config is changed cannot be converted."""
    from bot.tuning.converting import convert as written
    from bot.tuning.reporting import TrainingFault

    path = Path(adapter) / "adapter_config.json"
    kept = path.read_text(encoding="utf-8")
    model: dict[str, Any] = {
        "model_type": "llama",
        "num_hidden_layers": 30,
        "num_attention_heads": 9,
        "num_key_value_heads": 3,
    }
    said = []
    for change in json.loads(changes):
        own = {**json.loads(kept), **change.get("adapter", {})}
        path.write_text(json.dumps(own), encoding="utf-8")
        try:
            written(Path(adapter), model | change.get("model", {}), Path(adapter) / "out.gguf", name="x")
            said.append("")
        except TrainingFault as fault:
            said.append(f"{fault.kind}: {fault.detail}")
    path.write_text(kept, encoding="utf-8")
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    _, what, *arguments = sys.argv
    globals()[what](*arguments)
