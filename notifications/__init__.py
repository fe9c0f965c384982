"""Words leaving the house: the outbox, its delivery, links in mails, and the demo's mailbox."""
