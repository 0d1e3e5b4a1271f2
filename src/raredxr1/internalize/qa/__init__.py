"""RareKnowledgeQA: facts of the knowledge base as questions and answers, in many wordings and in both directions."""
