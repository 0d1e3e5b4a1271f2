"""Makes a Llama-shaped checkpoint easier to compute in int8, without changing what it computes.

CTranslate2 rounds every input of a linear layer to 8 bits, with one scale a token: a few channels that are a hundred
times larger than the rest leave those only a bit or two. SmoothQuant (arXiv 2211.10438, equation 4, alpha 0.5) divides
each channel by a factor and multiplies the weights that read it by the same. The division costs nothing where the
channel is written by a norm or a linear layer: it goes into their weights.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raredxr1.errors import extra
from raredxr1.export.base import load_checkpoint, quiet

if TYPE_CHECKING:
    import torch

_SMALLEST = 1e-5


def write_smoothed(checkpoint_dir: Path, out_dir: Path, rows: Sequence[Sequence[int]]) -> None:
    """Write the weights and config.json of a smoothed checkpoint, in float32, into a folder that exists.

    Args:
        checkpoint_dir: a Llama-shaped Hugging Face checkpoint.
        out_dir: where to write.
        rows: token ids of texts such as the model will read and write; they show which channels are large.
    """
    model = load_checkpoint(checkpoint_dir)
    smooth(model, rows)
    with extra("exporting"):
        import transformers
    with quiet(transformers.utils.logging):
        model.save_pretrained(out_dir)


def smooth(model: Any, rows: Sequence[Sequence[int]]) -> None:
    """Smooth the inputs of the attention, the gate and up projections, and the down projection, in place."""
    import torch

    with torch.no_grad():
        largest = _largest_inputs(model, rows)
        for layer in model.model.layers:
            attention, mlp = layer.self_attn, layer.mlp
            heads, gates = [attention.q_proj, attention.k_proj, attention.v_proj], [mlp.gate_proj, mlp.up_proj]
            layer.input_layernorm.weight /= _rescale(largest[attention.q_proj], heads)
            layer.post_attention_layernorm.weight /= _rescale(largest[mlp.gate_proj], gates)
            factor = _rescale(largest[mlp.down_proj], [mlp.down_proj])
            mlp.up_proj.weight /= factor[:, None]
            if mlp.up_proj.bias is not None:
                mlp.up_proj.bias /= factor


def _rescale(largest: "torch.Tensor", readers: list[Any]) -> "torch.Tensor":
    """Multiply the weights that read these channels; return the factors, [channels], by which to divide them."""
    widest: torch.Tensor = readers[0].weight.abs().amax(0)
    for reader in readers[1:]:
        widest = widest.maximum(reader.weight.abs().amax(0))
    factor = (largest.clamp(min=_SMALLEST) / widest.clamp(min=_SMALLEST)).sqrt()
    for reader in readers:
        reader.weight *= factor
    return factor


def _largest_inputs(model: Any, rows: Sequence[Sequence[int]]) -> dict[Any, "torch.Tensor"]:
    """Run the texts; return the largest absolute input of each linear layer, [channels]."""
    import torch

    largest: dict[Any, torch.Tensor] = {}

    def watch(module: Any, inputs: tuple[torch.Tensor, ...]) -> None:
        seen = inputs[0].flatten(0, -2).abs().amax(0)
        largest[module] = seen.maximum(largest[module]) if module in largest else seen

    hooks = [
        module.register_forward_pre_hook(watch) for module in model.modules() if isinstance(module, torch.nn.Linear)
    ]
    for row in rows:
        model(torch.tensor([list(row)]), logits_to_keep=1)
    for hook in hooks:
        hook.remove()
    return largest
