"""Letters to people and to their machines: e-mail over SMTP, and webhooks. A letter is one message to one address."""
