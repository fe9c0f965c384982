"""Help for people: questions and answers, the application directory, and the auditor's log."""
