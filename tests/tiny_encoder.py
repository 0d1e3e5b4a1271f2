"""A BERT of two small layers with random weights and a vocabulary of its own, for tests of what is done with one."""

from pathlib import Path

TEXTS = (
    "the patient had seizures and a small head , but no ataxia . severe intellectual disability microcephaly",
    "macrocephaly large head febrile convulsion long slender fingers deafness hearing impairment widely spaced eyes",
)


def make_tiny_bert(folder: Path) -> Path:
    """Write a checkpoint folder: config.json, model.safetensors, tokenizer.json."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"  # a trainer would order what is equally frequent by chance
    pieces = [*special, *sorted({word for text in TEXTS for word in text.split()} - {*letters}), *letters]
    pieces += [f"##{letter}" for letter in letters]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    torch.manual_seed(0)
    size = tokenizer.get_vocab_size()
    bert = BertModel(
        BertConfig(
            vocab_size=size,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=300,
        ),
        add_pooling_layer=False,
    )
    bert.save_pretrained(str(folder))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(str(folder))
    (folder / "vocab.txt").write_text(
        "\n".join(token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])) + "\n"
    )
    return folder
