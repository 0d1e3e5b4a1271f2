"""The envelope that `dialogue.chat` writes, as the chat template that model servers and transformers read.

Where the system line asks to weigh evidence, the turn begins as it was taught to: behind `<think>` and `Hypotheses`.
"""

from raredxr1 import dialogue

TEMPLATE = (
    "{% for message in messages %}" + dialogue.TURN_START + "{{ message['role'] }}\n{{ message['content'] }}"
    + dialogue.TURN_END + "\n{% endfor %}{% if add_generation_prompt %}" + dialogue.TURN_START + "assistant\n"
    + "{% if messages[0]['content'] == '" + dialogue.LEAD + "' %}" + dialogue.THINK + "\n" + dialogue.HYPOTHESES
    + "\n{% endif %}{% endif %}"
)  # fmt: skip
"""In Jinja."""
TEMPLATE_FILE = "chat_template.jinja"
