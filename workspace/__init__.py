"""The workspace: pages and forms beside the chat, over the same views and deeds, drawn without a word about HTTP."""
